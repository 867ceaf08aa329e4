"""E08: the total dose is the number of fractions times the dose of one."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for course in case.all(Radiotherapy):
        each = course.dose_per_fraction_gy
        if each is None:
            continue
        yield from _kept(course, "planned", course.planned_dose_gy, course.planned_fractions, each)
        if not course.replanned:  # after a change of plan the fractions need not be alike
            yield from _kept(course, "delivered", course.delivered_dose_gy, course.delivered_fractions, each)


def _kept(
    course: Radiotherapy, which: str, dose: float | None, fractions: int | None, each: float
) -> Iterator[Hit]:
    if dose is None or fractions is None:
        return
    product = round(fractions * each, 6)
    if abs(dose - product) > max(0.05, 0.005 * dose):
        values = {"which": which, "dose": dose, "fractions": fractions, "each": each, "product": product}
        yield Hit(course, f"{which}_dose_gy", values)


RULE = Rule(
    id="E08",
    version=1,
    severity="reject",
    title="Dose equals fractions times fraction dose",
    sentence="The planned and the delivered dose each equal their number of fractions times the dose per "
    "fraction, within 0.05 Gy or 0.5 percent; after a change of plan only the planned dose must.",
    message="The {which} dose of {dose} Gy is not {fractions} fractions of {each} Gy, which make {product} "
    "Gy. Correct the dose, the fractions or the dose per fraction; a course with unequal fractions is "
    "sent with `replanned`, and two targets are two records.",
    why="The biologically effective dose is computed from these numbers, and the identity finds most slips "
    "of the keyboard. Registry decision.",
    fields=(
        "radiotherapy.planned_dose_gy",
        "radiotherapy.planned_fractions",
        "radiotherapy.delivered_dose_gy",
        "radiotherapy.delivered_fractions",
        "radiotherapy.dose_per_fraction_gy",
        "radiotherapy.replanned",
    ),
    good=(
        {
            "radiotherapy": [
                {
                    "rt_id": "RT-1",
                    "planned_dose_gy": 40,
                    "planned_fractions": 16,
                    "delivered_dose_gy": 27.5,
                    "delivered_fractions": 11,
                    "dose_per_fraction_gy": 2.5,
                    "completed": "truncated",
                }
            ]
        },
        {"radiotherapy": [{"rt_id": "RT-1", "planned_dose_gy": 45, "planned_fractions": 25}]},
    ),
    bad=(
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "planned_dose_gy": 45, "planned_fractions": 25, "dose_per_fraction_gy": 2.0}
            ]
        },
        {
            "radiotherapy": [
                {
                    "rt_id": "RT-1",
                    "delivered_dose_gy": 30,
                    "delivered_fractions": 8,
                    "dose_per_fraction_gy": 3.0,
                }
            ]
        },
    ),
    check=check,
)
