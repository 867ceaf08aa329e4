"""W06: a rescue dose that is small beside the scheduled dose."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.outcomes.omedd import OpioidDose
from registry.domain.outcomes.opioid_regimen import Taken, opioids
from registry.domain.rules.analgesic_dose_is_within_its_maximum import MG_A_DAY
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    taken = opioids(case).taken
    for one in taken:
        record = one.record
        if record.rescue_dose is None or record.rescue_unit is None:
            continue
        rescue = record.rescue_dose * MG_A_DAY[record.rescue_unit]
        scheduled = max((_scheduled_mg(other.dose) for other in taken if _beside(one, other)), default=0.0)
        if rescue < context.limits.rescue_fraction_min * scheduled - 1e-9:
            values = {
                "drug": one.dose.inn,
                "rescue": f"{rescue:g}",
                "scheduled": f"{scheduled:g}",
                "fraction": f"1/{scheduled / rescue:.3g}",
                "sixth": f"{scheduled / 6:.3g}",
            }
            yield Hit(record, "rescue_dose", values)


def _scheduled_mg(dose: OpioidDose) -> float:
    return (dose.amount_per_day or 0.0) * MG_A_DAY.get(dose.unit, 0.0)


def _beside(rescue: Taken, scheduled: Taken) -> bool:
    """The same drug by the same route, begun no later than the rescue ended, where both are dated."""
    if (scheduled.dose.inn, scheduled.dose.route) != (rescue.dose.inn, rescue.dose.route):
        return False
    if scheduled.dose.route == "TD":
        return False  # a patch gives no rescue dose
    late = rescue.end is not None and scheduled.start is not None and scheduled.start.lo > rescue.end.hi
    early = scheduled.end is not None and rescue.start is not None and scheduled.end.hi < rescue.start.lo
    return not (late or early)


RULE = Rule(
    id="W06",
    version=1,
    severity="note",
    title="Rescue dose follows the scheduled dose",
    sentence="A rescue dose is about one sixth of the scheduled daily dose of the same drug.",
    message="{drug}: a rescue dose of {rescue} mg is {fraction} of the scheduled {scheduled} mg a "
    "day; one sixth would be {sixth} mg. Nothing need be done.",
    why="In case 1 of Takamatsu et al. 2018 the rescue dose stays at 5 mg while the scheduled dose "
    "rises to 60 mg, where one sixth is 10 mg. Noted below one tenth (registry decision).",
    fields=tuple(
        f"analgesic.{name}"
        for name in (
            "drug_name",
            "route",
            "rescue_dose",
            "rescue_unit",
            "dose_value",
            "dose_unit",
            "start",
            "end",
        )
    ),
    good=(
        {
            "analgesic": [
                {
                    "drug_name": "oxycodone",
                    "drug_class": "opioid",
                    "route": "PO",
                    "form": "ER",
                    "dose_value": 20,
                    "dose_unit": "mg/d",
                    "rescue_dose": 5,
                    "rescue_unit": "mg",
                    "rescue_taken_24h": 1,
                }
            ]
        },
    ),
    bad=(
        {
            "analgesic": [
                {
                    "drug_name": "oxycodone",
                    "drug_class": "opioid",
                    "route": "PO",
                    "form": "ER",
                    "time_point": "escalation",
                    "dose_value": 60,
                    "dose_unit": "mg/d",
                },
                {
                    "drug_name": "oxycodone",
                    "drug_class": "opioid",
                    "route": "PO",
                    "form": "IR",
                    "time_point": "admission",
                    "rescue_dose": 5,
                    "rescue_unit": "mg",
                    "rescue_taken_24h": 2,
                },
            ]
        },
    ),
    check=check,
)
