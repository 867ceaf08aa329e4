"""Q57: a genital cancer in an intersex patient, or under a signed exception, is confirmed."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.patient import Patient
from registry.domain.forms.primary_cancer import PrimaryCancer
from registry.domain.rules.rule import Context, Hit, Rule

FEMALE_ORGANS = tuple(f"C{number}" for number in range(51, 59))
MALE_ORGANS = tuple(f"C{number}" for number in range(60, 64))
UNUSUAL = {
    "intersex": FEMALE_ORGANS + MALE_ORGANS,
    "male": FEMALE_ORGANS,  # taken only with a signed exception (E07)
    "female": MALE_ORGANS,
}


def check(case: Case, context: Context) -> Iterator[Hit]:
    patient = case.one(Patient)
    if patient is None or patient.sex_at_birth is None:
        return
    organs = UNUSUAL.get(patient.sex_at_birth, ())
    for primary in case.all(PrimaryCancer):
        site = primary.topography
        if organs and site is not None and site.code.startswith(organs):
            yield Hit(primary, "topography/code", {"sex": patient.sex_at_birth, "code": site.code})


RULE = Rule(
    id="Q57",
    version=1,
    severity="query",
    title="Sex-specific site is confirmed",
    sentence="A genital cancer that sex at birth does not suggest is confirmed by the hospital.",
    message="The primary is {code}, a genital organ, and sex at birth is {sex}. The record is "
    "accepted as an exception: confirm both.",
    why="The exceptions to the check of sex against site are true of very few patients. Registry decision.",
    fields=("patient.sex_at_birth", "primary_cancer.topography"),
    good=(
        {
            "patient": {"sex_at_birth": "female"},
            "primary_cancer": [{"topography": {"system": "ICD-O-3", "code": "C56.9"}}],
        },
        {
            "patient": {"sex_at_birth": "intersex"},
            "primary_cancer": [{"topography": {"system": "ICD-O-3", "code": "C18.9"}}],
        },
        {"primary_cancer": [{"topography": {"system": "ICD-O-3", "code": "C61.9"}}]},
    ),
    bad=(
        {
            "patient": {"sex_at_birth": "intersex"},
            "primary_cancer": [{"topography": {"system": "ICD-O-3", "code": "C56.9"}}],
        },
        {
            "patient": {"sex_at_birth": "male", "eligibility": {"waiver_id": "W-17"}},
            "primary_cancer": [{"topography": {"system": "ICD-O-3", "code": "C56.9"}}],
        },
    ),
    check=check,
)
