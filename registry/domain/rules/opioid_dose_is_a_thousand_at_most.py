"""Q17: an opioid dose above 1000 mg of oral morphine a day is confirmed."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.outcomes.opioid_steps import arithmetic, each_alone, opioid_steps
from registry.domain.outcomes.outcome import Basis
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    basis = Basis(context.today)
    limit = context.limits.omedd_ask_mg_d
    if sum(mg for _, mg in each_alone(case, basis)) <= limit:
        return
    above = False
    for step in opioid_steps(case, basis):
        known = step.after.by(basis.opioid_table).known_mg
        if known > limit and not above:  # asked when the limit is passed, not at every dose beyond it
            values = {
                "when": step.when,
                "mg": round(known, 1),
                "sum": arithmetic(step.after, basis.opioid_table),
                "table": basis.opioid_table,
                "limit": f"{limit:g}",
            }
            yield Hit(step.cause, "dose_value", values)
        above = known > limit and step.before is not None


RULE = Rule(
    id="Q17",
    version=1,
    severity="query",
    title="Opioid dose is a thousand at most",
    sentence="The opioids of a day are together at most 1000 mg of oral morphine.",
    message="On {when} the opioids come to at least {mg} mg of oral morphine a day by table {table} "
    "({sum}), more than {limit}. Confirm the doses, their units and whether an earlier opioid had "
    "ended.",
    why="Such doses exist and are rare; most are a wrong unit, or a record left open after a "
    "rotation. Registry decision.",
    fields=tuple(
        f"analgesic.{name}"
        for name in ("drug_name", "route", "dose_value", "dose_unit", "frequency", "per_day", "start", "end")
    ),
    good=(
        {
            "analgesic": [
                {
                    "drug_name": "oxycodone",
                    "drug_class": "opioid",
                    "route": "PO",
                    "dose_value": 60,
                    "dose_unit": "mg/d",
                    "start": "2025-03-01",
                }
            ]
        },
        {"analgesic": [{"drug_name": "oxycodone", "drug_class": "opioid", "route": "PO"}]},
    ),
    bad=(
        {
            "analgesic": [
                {
                    "drug_name": "oxycodone",
                    "drug_class": "opioid",
                    "route": "PO",
                    "dose_value": 700,
                    "dose_unit": "mg/d",
                    "start": "2025-03-01",
                }
            ]
        },
        {
            "analgesic": [
                {
                    "drug_name": "morphine",
                    "drug_class": "opioid",
                    "route": "PO",
                    "dose_value": 600,
                    "dose_unit": "mg/d",
                    "start": "2025-03-01",
                },
                {
                    "drug_name": "oxycodone",
                    "drug_class": "opioid",
                    "route": "PO",
                    "dose_value": 300,
                    "dose_unit": "mg/d",
                    "start": "2025-03-10",
                },
            ]
        },
    ),
    check=check,
)
