"""Q28: a patient is enrolled at one site, and is not alive at one and dead at another."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.dates import certainly_after
from registry.domain.forms.follow_up import FollowUp
from registry.domain.forms.patient import Patient
from registry.domain.rules.rule import Context, Hit, Rule, Twin


def check(case: Case, context: Context) -> Iterator[Hit]:
    patient = case.one(Patient)
    if patient is None:
        return
    if patient.eligibility is not None and patient.eligibility.exclusion_enrolled_elsewhere:
        text = "The patient is recorded as already enrolled at another site"
        yield Hit(patient, "eligibility/exclusion_enrolled_elsewhere", {"what": text})
    if context.twins:
        text = "Another site sends a patient with the same linkage token"
        if any(_is_another(patient, twin) for twin in context.twins):
            text += ", but of another sex or year of birth: perhaps the number is mistyped, or two people share it"
        yield Hit(patient, "linkage_token", {"what": text, "sites": len(context.twins)})
    deaths = [twin.death for twin in context.twins if twin.death is not None]
    for visit in case.all(FollowUp) if deaths else ():
        seen = visit.visit_date
        if seen is None or visit.vital_status != "alive":
            continue
        if any(certainly_after(seen, death) for death in deaths):
            text = f"The patient was alive on {seen}, and another site has reported an earlier death"
            yield Hit(visit, "visit_date", {"what": text})


def _is_another(patient: Patient, twin: Twin) -> bool:
    """Whether sex or birth say, where both sites know them, that these are two people."""
    sexes = {patient.sex_at_birth, twin.sex} - {None, "unknown"}
    mine, other = patient.birth, twin.birth
    if mine is None or other is None:
        return len(sexes) == 2
    return len(sexes) == 2 or certainly_after(mine, other) or certainly_after(other, mine)


RULE = Rule(
    id="Q28",
    version=2,
    severity="query",
    title="Patient is enrolled once",
    sentence="A patient is enrolled at one site only, and the sites agree whether the patient lives.",
    message="{what}. Confirm that it is the same person; one of the sites then keeps the case and "
    "the other withdraws it.",
    why="A patient who is counted twice biases every figure. Sites recognise the same patient by a "
    "keyed hash made at the site, so that no name is exchanged and no site is named to the other. "
    "Registry decision.",
    fields=(
        "patient.linkage_token",
        "patient.eligibility",
        "patient.birth",
        "patient.sex_at_birth",
        "follow_up.visit_date",
        "follow_up.vital_status",
    ),
    good=(
        {
            "patient": {
                "linkage_token": "k1:" + "a" * 43,
                "eligibility": {"exclusion_enrolled_elsewhere": False},
            }
        },
        {"patient": {}},
    ),
    bad=({"patient": {"eligibility": {"exclusion_enrolled_elsewhere": True, "waiver_id": "W-17"}}},),
    check=check,
)
