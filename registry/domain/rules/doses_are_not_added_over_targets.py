"""Q13: doses to different targets are not added up (DOSE_SUM_ACROSS_TARGETS)."""

from collections.abc import Iterator
from itertools import combinations

from registry.domain.case import Case
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.rules.rule import Context, Hit, Rule

MOST_TARGETS = 8
"""More courses than this are not searched for a sum: the number of combinations doubles with each."""


def check(case: Case, context: Context) -> Iterator[Hit]:
    for course in case.all(Radiotherapy):
        if course.declared_total is not None:
            parts = declared_parts(course, case.all(Radiotherapy))
            if len(parts) > 1 and not _one_target(parts):
                yield Hit(course, "declared_total", _arithmetic(course, parts))


def declared_parts(course: Radiotherapy, courses: tuple[Radiotherapy, ...]) -> tuple[Radiotherapy, ...]:
    """The courses, this one among them, that add up to its declared total; none if no sum does."""
    declared = course.declared_total
    others = [other for other in courses if other is not course and dose_gy(other) is not None][
        : MOST_TARGETS - 1
    ]
    if declared is None or dose_gy(course) is None:
        return ()
    for count in range(len(others) + 1):
        for chosen in combinations(others, count):
            parts = tuple(one for one in courses if one is course or one in chosen)
            doses = sum(dose_gy(one) or 0 for one in parts)
            counts = sum(fractions(one) or 0 for one in parts)
            same_dose = declared.dose_gy is None or abs(doses - declared.dose_gy) < 0.05
            same_count = declared.fractions is None or counts == declared.fractions
            if same_dose and same_count:
                return parts
    return ()


def dose_gy(course: Radiotherapy) -> float | None:
    """Dose of a course in Gy: the delivered one, else the planned one."""
    return course.planned_dose_gy if course.delivered_dose_gy is None else course.delivered_dose_gy


def fractions(course: Radiotherapy) -> int | None:
    """Fractions of a course: the delivered ones, else the planned ones."""
    return course.planned_fractions if course.delivered_fractions is None else course.delivered_fractions


def _one_target(parts: tuple[Radiotherapy, ...]) -> bool:
    """A boost to the volume that was treated before: its dose is rightly added."""
    names = {(one.target_volume.name, one.target_volume.side) if one.target_volume else None for one in parts}
    return len(names) == 1 and None not in names and (None, None) not in names


def _arithmetic(course: Radiotherapy, parts: tuple[Radiotherapy, ...]) -> dict[str, object]:
    doses = [dose_gy(one) or 0 for one in parts]
    counts = [fractions(one) for one in parts]
    sums = [f"{' + '.join(f'{dose:g}' for dose in doses)} = {sum(doses):g} Gy"]
    if None not in counts:
        sums.append(f"{' + '.join(map(str, counts))} = {sum(count or 0 for count in counts)} fractions")
    names = [
        one.target_volume.name if one.target_volume and one.target_volume.name else one.rt_id for one in parts
    ]
    return {"code": "DOSE_SUM_ACROSS_TARGETS", "sums": ", ".join(sums), "targets": " and ".join(names)}


RULE = Rule(
    id="Q13",
    version=1,
    severity="query",
    title="Doses are not added over targets",
    sentence="Doses to different target volumes stay apart and are not declared as one total.",
    message="The declared total adds doses to different targets ({targets}): {sums}. The sum is "
    "right, but no point need have received it. The doses of the targets are kept; confirm that the "
    "volumes did not overlap.",
    why="Takamatsu et al. 2018 sum 46 Gy to the pelvis and 20 Gy to the groins as 66 Gy in 33 fractions.",
    fields=(
        "radiotherapy.declared_total",
        "radiotherapy.delivered_dose_gy",
        "radiotherapy.planned_dose_gy",
        "radiotherapy.delivered_fractions",
        "radiotherapy.planned_fractions",
        "radiotherapy.target_volume.name",
    ),
    good=(
        {
            "radiotherapy": [
                {
                    "rt_id": "RT-1",
                    "delivered_dose_gy": 46,
                    "delivered_fractions": 23,
                    "declared_total": {"dose_gy": 46, "fractions": 23},
                },
                {"rt_id": "RT-2", "delivered_dose_gy": 20, "delivered_fractions": 10},
            ]
        },
        {"radiotherapy": [{"rt_id": "RT-1", "declared_total": {"dose_gy": 66}}]},
    ),
    bad=(
        {
            "radiotherapy": [
                {
                    "rt_id": "RT-1",
                    "target_volume": {"name": "whole pelvis"},
                    "delivered_dose_gy": 46,
                    "delivered_fractions": 23,
                },
                {
                    "rt_id": "RT-2",
                    "target_volume": {"name": "both groins"},
                    "delivered_dose_gy": 20,
                    "delivered_fractions": 10,
                    "declared_total": {"dose_gy": 66, "fractions": 33},
                },
            ]
        },
    ),
    check=check,
)
