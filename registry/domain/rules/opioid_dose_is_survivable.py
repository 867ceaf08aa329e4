"""E23: an opioid dose above 5000 mg of oral morphine a day is a mistaken unit."""

from collections.abc import Iterator
from typing import Any

from registry.domain.case import Case
from registry.domain.outcomes.opioid_regimen import Regimen, opioid_dose
from registry.domain.outcomes.opioid_steps import arithmetic, each_alone, opioid_steps
from registry.domain.outcomes.outcome import Basis
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    limit = context.limits.omedd_refuse_mg_d
    basis = Basis(context.today)
    table = basis.opioid_table
    alone = each_alone(case, basis)
    for record, mg in alone:
        if mg > limit:
            single = Regimen((opioid_dose(record),), (record,))
            yield Hit(record, "dose_value", _values(single, mg, "One record", table, limit))
    if sum(mg for _, mg in alone) <= limit or any(mg > limit for _, mg in alone):
        return
    for step in opioid_steps(case, basis):
        mg = step.after.by(table).known_mg
        if mg > limit:
            yield Hit(step.cause, "dose_value", _values(step.after, mg, f"The day {step.when}", table, limit))
            return


def _values(regimen: Regimen, mg: float, what: str, table: str, limit: float) -> dict[str, Any]:
    total = {"mg": round(mg), "table": table, "limit": f"{limit:g}"}
    return {"what": what, "sum": arithmetic(regimen, table), **total}


RULE = Rule(
    id="E23",
    version=1,
    severity="reject",
    title="Opioid dose is survivable",
    sentence="The opioids of a day do not come to more than 5000 mg of oral morphine.",
    message="{what} comes to {mg} mg of oral morphine a day by table {table} ({sum}), more than "
    "{limit}. The unit is almost certainly wrong: ug may have been sent as mg, or a daily total as a "
    "rate.",
    why="Beyond this dose a mistaken unit is almost certain, and the figure would distort every "
    "mean. Registry decision.",
    fields=tuple(
        f"analgesic.{name}"
        for name in ("drug_name", "route", "dose_value", "dose_unit", "frequency", "per_day")
    ),
    good=(
        {
            "analgesic": [
                {
                    "drug_name": "fentanyl",
                    "drug_class": "opioid",
                    "route": "IV",
                    "dose_value": 50,
                    "dose_unit": "ug/h",
                }
            ]
        },
        {"analgesic": [{"drug_name": "fentanyl", "drug_class": "opioid", "route": "IV"}]},
    ),
    bad=(
        {
            "analgesic": [
                {
                    "drug_name": "fentanyl",
                    "drug_class": "opioid",
                    "route": "IV",
                    "dose_value": 50,
                    "dose_unit": "mg/h",
                }
            ]
        },
    ),
    check=check,
)
