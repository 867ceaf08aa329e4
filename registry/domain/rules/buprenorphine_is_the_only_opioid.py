"""W02: buprenorphine together with another opioid."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.outcomes.omedd import BUPRENORPHINE_MIXED
from registry.domain.outcomes.opioid_regimen import opioids
from registry.domain.outcomes.opioid_steps import opioid_steps
from registry.domain.outcomes.outcome import Basis
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    basis = Basis(context.today)
    drugs = {one.dose.inn for one in opioids(case).taken}
    if "buprenorphine" not in drugs or len(drugs) == 1:
        return
    for step in opioid_steps(case, basis):
        if BUPRENORPHINE_MIXED in step.after.by(basis.opioid_table).flags:
            others = sorted({dose.inn for dose in step.after.doses} - {"buprenorphine"})
            yield Hit(step.cause, "drug_name", {"when": step.when, "others": " and ".join(others)})
            return


RULE = Rule(
    id="W02",
    version=1,
    severity="note",
    title="Buprenorphine is the only opioid",
    sentence="Buprenorphine is not given together with a full agonist.",
    message="From {when} buprenorphine is recorded together with {others}. It competes with them, so "
    "the oral morphine equivalent of these days is flagged. Nothing need be done.",
    why="A partial agonist at the same receptor has no fixed equivalent in a mixture. Registry decision.",
    fields=tuple(f"analgesic.{name}" for name in ("drug_name", "drug_class", "route", "start", "end")),
    good=(
        {
            "analgesic": [
                {
                    "drug_name": "buprenorphine",
                    "drug_class": "opioid",
                    "route": "TD",
                    "dose_value": 10,
                    "dose_unit": "ug/h",
                    "start": "2025-03-01",
                }
            ]
        },
    ),
    bad=(
        {
            "analgesic": [
                {
                    "drug_name": "buprenorphine",
                    "drug_class": "opioid",
                    "route": "TD",
                    "dose_value": 10,
                    "dose_unit": "ug/h",
                    "start": "2025-03-01",
                },
                {
                    "drug_name": "oxycodone",
                    "drug_class": "opioid",
                    "route": "PO",
                    "dose_value": 20,
                    "dose_unit": "mg/d",
                    "start": "2025-03-05",
                },
            ]
        },
    ),
    check=check,
)
