"""E09: a dose is possible, and what was given stays near what was planned."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.forms.systemic_therapy import SystemicTherapy
from registry.domain.rules.rule import Context, Hit, Rule

MOST_OF_PLAN = 1.1
EXTRA_CYCLES = 5


def check(case: Case, context: Context) -> Iterator[Hit]:
    for course in case.all(Radiotherapy):
        if course.replanned:
            continue
        for what in ("dose_gy", "fractions"):
            planned, given = getattr(course, f"planned_{what}"), getattr(course, f"delivered_{what}")
            if planned is not None and given is not None and given > planned * MOST_OF_PLAN + 1e-9:
                values = {"given": given, "planned": planned, "limit": "a tenth more than planned"}
                yield Hit(course, f"delivered_{what}", {"what": f"delivered_{what}", **values})
    for therapy in case.all(SystemicTherapy):
        cycles, plan = therapy.cycles_given, therapy.cycles_planned
        if cycles is not None and plan is not None and cycles > plan + EXTRA_CYCLES:
            values = {"given": cycles, "planned": plan, "limit": f"{EXTRA_CYCLES} cycles more than planned"}
            yield Hit(therapy, "cycles_given", {"what": "cycles_given", **values})


RULE = Rule(
    id="E09",
    version=1,
    severity="reject",
    title="Doses are possible and near plan",
    sentence="A dose of radiotherapy is given in Gy and is at most 150; the delivered dose and fractions "
    "are at most a tenth above the plan unless it was changed, and at most five cycles more than planned "
    "are given.",
    message="`{what}` is {given} against {planned} planned; at most {limit} is taken. Doses are in Gy, not "
    "cGy. Correct the numbers, or say `replanned` where the plan of a radiotherapy was changed.",
    why="Above 150 Gy the number is in cGy; a dose far above its plan is a slip or a change of plan that "
    "must be known. Registry decision.",
    fields=(
        "radiotherapy.planned_dose_gy",
        "radiotherapy.delivered_dose_gy",
        "radiotherapy.dose_per_fraction_gy",
        "radiotherapy.planned_fractions",
        "radiotherapy.delivered_fractions",
        "radiotherapy.replanned",
        "systemic_therapy.cycles_planned",
        "systemic_therapy.cycles_given",
    ),
    good=(
        {"radiotherapy": [{"rt_id": "RT-1", "planned_dose_gy": 40, "delivered_dose_gy": 44}]},
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "planned_dose_gy": 20, "delivered_dose_gy": 30, "replanned": True}
            ]
        },
        {"systemic_therapy": [{"therapy_id": "TC", "cycles_planned": 6, "cycles_given": 8}]},
    ),
    bad=(
        {"radiotherapy": [{"rt_id": "RT-1", "planned_dose_gy": 4000}]},
        {"radiotherapy": [{"rt_id": "RT-1", "planned_dose_gy": 0}]},
        {"radiotherapy": [{"rt_id": "RT-1", "dose_per_fraction_gy": 250}]},
        {"radiotherapy": [{"rt_id": "RT-1", "planned_dose_gy": 20, "delivered_dose_gy": 30}]},
        {"radiotherapy": [{"rt_id": "RT-1", "planned_fractions": 5, "delivered_fractions": 6}]},
        {"systemic_therapy": [{"therapy_id": "TC", "cycles_planned": 6, "cycles_given": 12}]},
    ),
    check=check,
)
