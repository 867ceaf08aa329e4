"""E07: the primary lies in an organ the patient has."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.codes.code import Code
from registry.domain.forms.patient import Patient
from registry.domain.forms.primary_cancer import PrimaryCancer
from registry.domain.rules.rule import Context, Hit, Rule

ORGANS = {"male": (range(51, 59), "female"), "female": (range(60, 64), "male")}
"""By sex at birth: the categories of ICD-O-3 and ICD-10 that do not fit, and whose organs they are."""


def check(case: Case, context: Context) -> Iterator[Hit]:
    patient = case.one(Patient)
    if patient is None or patient.sex_at_birth not in ORGANS or _excepted(patient):
        return
    categories, other = ORGANS[patient.sex_at_birth]
    for primary in case.all(PrimaryCancer):
        site = primary.topography
        if site is not None and _category(site) in categories:
            values = {"sex": patient.sex_at_birth, "code": site.code, "other": other}
            yield Hit(primary, "topography/code", values)


def _category(site: Code) -> int | None:
    number = site.code[1:3]
    return (
        int(number)
        if site.code[:1] == "C" and len(number) == 2 and number.isascii() and number.isdigit()
        else None
    )


def _excepted(patient: Patient) -> bool:
    return patient.eligibility is not None and patient.eligibility.waiver_id is not None


RULE = Rule(
    id="E07",
    version=1,
    severity="reject",
    title="Sex and site of the primary agree",
    sentence="A cancer of the female genital organs (C51-C58) is not recorded in a man, nor one of the "
    "male genital organs (C60-C63) in a woman, unless sex at birth is intersex or a signed exception is "
    "on file.",
    message="The primary {code} lies in a {other} organ, but sex at birth is recorded as {sex}. Correct "
    "one of them; if both are right, send `intersex`, or the number of the signed exception as "
    "`eligibility.waiver_id`.",
    why="One of the two is almost always a slip, and both are table rows of the report (edit checks of "
    "cancer registries, ICD-O-3 topography).",
    fields=("patient.sex_at_birth", "patient.eligibility.waiver_id", "primary_cancer.topography"),
    good=(
        {
            "patient": {"sex_at_birth": "female"},
            "primary_cancer": [{"topography": {"system": "ICD-O-3", "code": "C53.9"}}],
        },
        {
            "patient": {"sex_at_birth": "intersex"},
            "primary_cancer": [{"topography": {"system": "ICD-O-3", "code": "C61.9"}}],
        },
        {
            "patient": {"sex_at_birth": "male", "eligibility": {"waiver_id": "EX-2025-07"}},
            "primary_cancer": [{"topography": {"system": "ICD-O-3", "code": "C56.9"}}],
        },
        {"primary_cancer": [{"topography": {"system": "ICD-O-3", "code": "C56.9"}}]},
    ),
    bad=(
        {
            "patient": {"sex_at_birth": "male"},
            "primary_cancer": [{"topography": {"system": "ICD-O-3", "code": "C53.9"}}],
        },
        {
            "patient": {"sex_at_birth": "female"},
            "primary_cancer": [{"topography": {"system": "ICD-O-3", "code": "C61.9"}}],
        },
    ),
    check=check,
)
