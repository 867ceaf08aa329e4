"""Q25: a declared total can be computed from its parts."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.rules.doses_are_not_added_over_targets import declared_parts, dose_gy, fractions
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    courses = case.all(Radiotherapy)
    known = [course for course in courses if dose_gy(course) is not None]
    for course in known:
        declared = course.declared_total
        if declared is None or declared.dose_gy is None or declared_parts(course, courses):
            continue
        total = sum(dose_gy(one) or 0 for one in known)
        counts = [fractions(one) for one in known]
        values = {
            "declared": f"{declared.dose_gy:g} Gy"
            + (f" in {declared.fractions}" if declared.fractions else ""),
            "sum": f"{' + '.join(f'{dose_gy(one):g}' for one in known)} = {total:g} Gy",
            "fractions": " + ".join("?" if count is None else str(count) for count in counts),
            "difference": round(total - declared.dose_gy, 2),
        }
        yield Hit(course, "declared_total", values)


RULE = Rule(
    id="Q25",
    version=1,
    severity="query",
    title="Declared total is reproducible",
    sentence="A total that a source declares can be computed from the parts it states.",
    message="Declared: {declared}. Recorded: {sum} (fractions {fractions}), and neither this nor a "
    "part of it gives the declared total; the difference is {difference} Gy. Send the course that is "
    "missing, or correct a number.",
    why="Printed totals and percentages are kept beside what can be computed and never mended: Table "
    "I of Takamatsu et al. 2018 declares 39 cases where its rows give 37.",
    fields=(
        "radiotherapy.declared_total",
        "radiotherapy.delivered_dose_gy",
        "radiotherapy.planned_dose_gy",
        "radiotherapy.delivered_fractions",
        "radiotherapy.planned_fractions",
    ),
    good=(
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "delivered_dose_gy": 46, "delivered_fractions": 23},
                {
                    "rt_id": "RT-2",
                    "delivered_dose_gy": 20,
                    "delivered_fractions": 10,
                    "declared_total": {"dose_gy": 66, "fractions": 33},
                },
            ]
        },
        {"radiotherapy": [{"rt_id": "RT-1", "declared_total": {"dose_gy": 66}}]},
    ),
    bad=(
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "delivered_dose_gy": 46, "delivered_fractions": 23},
                {
                    "rt_id": "RT-2",
                    "delivered_dose_gy": 18,
                    "delivered_fractions": 10,
                    "declared_total": {"dose_gy": 66, "fractions": 33},
                },
            ]
        },
    ),
    check=check,
)
