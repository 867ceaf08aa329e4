"""Q18: a rescue opioid comes with the number of doses taken."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.analgesic import Analgesic
from registry.domain.outcomes.opioid_regimen import is_opioid
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for record in case.all(Analgesic):
        if record.rescue_dose is not None and record.rescue_taken_24h is None and is_opioid(record):
            dose = f"{record.rescue_dose:g} {record.rescue_unit or ''}".strip()
            yield Hit(record, "rescue_taken_24h", {"drug": record.drug_name, "dose": dose})


RULE = Rule(
    id="Q18",
    version=1,
    severity="query",
    title="Rescue doses are counted",
    sentence="With a rescue opioid the number of doses taken in 24 hours is recorded.",
    message="A rescue dose of {dose} {drug} is recorded without the number taken in 24 hours. Send "
    "the number, 0 if none was taken; without it the daily opioid dose, and with it the response, "
    "cannot be computed.",
    why="The opioid dose includes rescue doses actually taken. In cases 1 and 3 of Takamatsu et al. "
    "2018 the number is not stated: with 20 mg oxycodone and n rescue doses of 5 mg the dose is 30 + "
    "7.5 n mg.",
    fields=(
        "analgesic.rescue_dose",
        "analgesic.rescue_taken_24h",
        "analgesic.drug_class",
        "analgesic.drug_name",
    ),
    good=(
        {
            "analgesic": [
                {
                    "drug_name": "oxycodone",
                    "drug_class": "opioid",
                    "rescue_dose": 5,
                    "rescue_unit": "mg",
                    "rescue_taken_24h": 0,
                }
            ]
        },
        {"analgesic": [{"drug_name": "oxycodone", "drug_class": "opioid"}]},
        {"analgesic": [{"drug_name": "acetaminophen", "drug_class": "acetaminophen", "rescue_dose": 500}]},
    ),
    bad=(
        {
            "analgesic": [
                {"drug_name": "oxycodone", "drug_class": "opioid", "rescue_dose": 5, "rescue_unit": "mg"}
            ]
        },
    ),
    check=check,
)
