"""W01: morphine or codeine with a low glomerular filtration rate."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.analgesic import Analgesic
from registry.domain.forms.patient import Patient
from registry.domain.outcomes.opioid_regimen import opioid_dose
from registry.domain.rules.rule import Context, Hit, Rule

ACTIVE_METABOLITES = ("morphine", "codeine")


def check(case: Case, context: Context) -> Iterator[Hit]:
    patient = case.one(Patient)
    limit = context.limits.egfr_low_ml_min
    if patient is None or patient.egfr is None or patient.egfr >= limit:
        return
    given = sorted(
        {opioid_dose(record).inn for record in case.all(Analgesic)}.intersection(ACTIVE_METABOLITES)
    )
    if given:
        values = {"egfr": f"{patient.egfr:g}", "limit": f"{limit:g}", "drugs": " and ".join(given)}
        yield Hit(patient, "egfr", values)


RULE = Rule(
    id="W01",
    version=1,
    severity="note",
    title="Kidneys clear the opioid",
    sentence="Morphine and codeine are given to patients whose kidneys clear their metabolites.",
    message="The glomerular filtration rate is {egfr} mL/min, below {limit}, and {drugs} is "
    "recorded: active metabolites accumulate. Nothing need be done; toxicity is read with this in "
    "mind.",
    why="Morphine-6-glucuronide and morphine are cleared by the kidney. The limit is from memory, "
    "check before the statistical analysis plan is frozen.",
    fields=("patient.egfr", "analgesic.drug_name"),
    good=(
        {"patient": {"egfr": 25}, "analgesic": [{"drug_name": "oxycodone"}]},
        {"patient": {"egfr": 60}, "analgesic": [{"drug_name": "morphine"}]},
        {"analgesic": [{"drug_name": "morphine"}]},
    ),
    bad=({"patient": {"egfr": 25}, "analgesic": [{"drug_name": "morphine"}]},),
    check=check,
)
