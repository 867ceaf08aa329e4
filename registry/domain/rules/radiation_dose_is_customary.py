"""Q12: dose per fraction, total dose and number of fractions are customary."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.rules.rule import Context, Hit, Rule

VARIABLES = (
    "dose_per_fraction_gy",
    "planned_dose_gy",
    "delivered_dose_gy",
    "planned_fractions",
    "delivered_fractions",
)


def check(case: Case, context: Context) -> Iterator[Hit]:
    limits = context.limits
    low, high = limits.dose_per_fraction_min_gy, limits.dose_per_fraction_max_gy
    for course in case.all(Radiotherapy):
        fraction = course.dose_per_fraction_gy
        if fraction is not None and not low <= fraction <= high:
            yield _hit(course, "dose_per_fraction_gy", fraction, f"{low:g} to {high:g} Gy")
        for name in ("planned_dose_gy", "delivered_dose_gy"):
            dose = getattr(course, name)
            if dose is not None and dose > limits.total_dose_max_gy:
                yield _hit(course, name, dose, f"at most {limits.total_dose_max_gy:g} Gy")
        for name in ("planned_fractions", "delivered_fractions"):
            count = getattr(course, name)
            if count is not None and count > limits.fractions_max:
                yield _hit(course, name, count, f"at most {limits.fractions_max}")


def _hit(course: Radiotherapy, name: str, value: float, customary: str) -> Hit:
    return Hit(course, name, {"what": name, "value": value, "customary": customary})


RULE = Rule(
    id="Q12",
    version=1,
    severity="query",
    title="Radiation dose is customary",
    sentence="A fraction is 1 to 12 Gy, a course at most 70 Gy and at most 40 fractions.",
    message="`{what}` is {value}; customary is {customary}. Confirm it, or check that doses are in "
    "Gy and that dose and fractions were not exchanged.",
    why="Doses outside these limits occur and are rare in palliation. From memory, check against the "
    "prescriptions of the sites; the limits are configuration.",
    fields=tuple(f"radiotherapy.{name}" for name in VARIABLES),
    good=(
        {
            "radiotherapy": [
                {
                    "rt_id": "RT-1",
                    "planned_dose_gy": 40,
                    "planned_fractions": 16,
                    "delivered_dose_gy": 40,
                    "delivered_fractions": 16,
                    "dose_per_fraction_gy": 2.5,
                }
            ]
        },
        {"radiotherapy": [{"rt_id": "RT-1", "dose_per_fraction_gy": 8}]},
        {"radiotherapy": [{"rt_id": "RT-1"}]},
    ),
    bad=(
        {"radiotherapy": [{"rt_id": "RT-1", "dose_per_fraction_gy": 0.5}]},
        {"radiotherapy": [{"rt_id": "RT-1", "dose_per_fraction_gy": 20}]},
        {"radiotherapy": [{"rt_id": "RT-1", "delivered_dose_gy": 74}]},
        {"radiotherapy": [{"rt_id": "RT-1", "planned_fractions": 45}]},
    ),
    check=check,
)
