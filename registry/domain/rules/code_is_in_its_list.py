"""E14: a code means what its list says it means."""

from collections.abc import Iterator
from functools import lru_cache

from registry.domain.case import Case
from registry.domain.codes.behaviour import behaviour, not_a_primary
from registry.domain.codes.code import Code
from registry.domain.codes.drugs import Drug, drug, drug_of_code
from registry.domain.codes.grades import grades_of_meddra, grades_of_term
from registry.domain.codes.lists import check_code
from registry.domain.codes.stages import stage_groups, stage_is_valid
from registry.domain.dictionary import Variable
from registry.domain.forms.analgesic import Analgesic
from registry.domain.forms.primary_cancer import PrimaryCancer
from registry.domain.forms.toxicity import Toxicity
from registry.domain.rules.rule import Context, Hit, Rule
from registry.domain.walk import values

OPIOID_GROUPS = ("N02A", "N07BC", "N01AH", "R05DA")
"""ATC groups of opioids: analgesics, drugs for dependence, anaesthetics, cough suppressants."""


def check(case: Case, context: Context) -> Iterator[Hit]:
    for version in case.current.values():
        record = version.content
        for variable, path, code in values(record, _is_bound):
            problem = _wrong(code.system, code.code, code.version, variable.binding)
            if problem:
                yield Hit(record, f"{path}/code", {"problem": problem})
    for primary in case.all(PrimaryCancer):
        yield from _primary(primary)
    for event in case.all(Toxicity):
        yield from _grade(event)
    for analgesic in case.all(Analgesic):
        if analgesic.drug_class == "opioid" and not _is_opioid(analgesic):
            problem = (
                "`drug_name` is no opioid this registry knows: send the international nonproprietary name, "
                "the ATC code as `drug`, or another `drug_class`."
            )
            yield Hit(analgesic, "drug_name", {"problem": problem})


@lru_cache(maxsize=4096)
def _wrong(system: str, code: str, version: str | None, binding: str) -> str | None:
    """What is wrong with a code; the same few codes come with every patient, so the answers are kept."""
    return check_code(Code(system=system, code=code, version=version), binding)


@lru_cache(maxsize=1024)
def _drug(name: str) -> Drug | None:
    return drug(name)


def _is_bound(variable: Variable) -> bool:
    return variable.kind == "code" and bool(variable.binding)


def _primary(primary: PrimaryCancer) -> Iterator[Hit]:
    histology = primary.morphology
    if histology is not None and behaviour(histology.code) in (0, 1):
        yield Hit(primary, "morphology/code", {"problem": not_a_primary(histology.code)})
    system, edition, group = primary.stage_system, primary.stage_edition, primary.stage_group
    if system is None or group is None:
        return
    known = stage_groups(system, edition)
    if known and not stage_is_valid(system, edition, group):
        named = f"{system} {edition}" if edition else system
        problem = f"{named} has no such stage group: send one of {', '.join(known)}."
        yield Hit(primary, "stage_group", {"problem": problem})


def _grade(event: Toxicity) -> Iterator[Hit]:
    if event.term is None or event.grade is None:
        return
    grades = grades_of_term(event.term)
    if grades is None and event.meddra is not None:
        grades = grades_of_meddra(event.meddra.code)
    if grades is not None and event.grade not in grades:
        problem = (
            f"CTCAE 5.0 defines grades {min(grades)} to {max(grades)} of {event.term}, not {event.grade}."
        )
        yield Hit(event, "grade", {"problem": problem})


def _is_opioid(analgesic: Analgesic) -> bool:
    code: Code | None = analgesic.drug
    if code is not None and code.code.startswith(OPIOID_GROUPS):
        return True
    found = _drug(analgesic.drug_name) or (drug_of_code(code) if code is not None else None)
    return found is not None and found.drug_class == "opioid"


RULE = Rule(
    id="E14",
    version=1,
    severity="reject",
    title="Codes come from their list",
    sentence="Every code and permitted value is one of the list its variable is bound to: a stage group of "
    "its edition, a grade that CTCAE defines for the term, the histology of a cancer, an opioid that is "
    "known as one.",
    message="This is not in the list it must come from. {problem} The lists are in the data dictionary.",
    why="A code is meaningless without its list, and codes copied from the web are often wrong: SNOMED "
    "64038003 is used for the psoas major muscle but is an intercostal lymph node (mCODE).",
    fields=(
        "primary_cancer.topography",
        "primary_cancer.morphology",
        "primary_cancer.stage_group",
        "primary_cancer.biomarkers",
        "analgesic.drug",
        "analgesic.drug_name",
        "analgesic.drug_class",
        "systemic_therapy.components",
        "radiotherapy.target_volume.body_site",
        "surgery.procedure_code",
        "toxicity.meddra",
        "toxicity.grade",
        "patient.country",
    ),
    good=(
        {
            "primary_cancer": [
                {
                    "topography": {"system": "ICD-O-3", "code": "C53.9"},
                    "morphology": {"system": "ICD-O-3", "code": "8070/3"},
                    "stage_system": "FIGO",
                    "stage_edition": "2009",
                    "stage_group": "IB1",
                }
            ]
        },
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "target_volume": {"body_site": {"system": "SNOMED", "code": "68455001"}}}
            ]
        },
        {"analgesic": [{"drug_name": "oxycodone", "drug_class": "opioid", "route": "PO"}]},
        {
            "analgesic": [
                {
                    "drug_name": "piritramide",
                    "drug_class": "opioid",
                    "drug": {"system": "ATC", "code": "N02AC03"},
                }
            ]
        },
        {"toxicity": [{"term": "nausea", "grade": 3, "onset": "2025-03"}]},
    ),
    bad=(
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "target_volume": {"body_site": {"system": "SNOMED", "code": "64038003"}}}
            ]
        },
        {"primary_cancer": [{"topography": {"system": "ICD-10", "code": "C53"}}]},
        {"primary_cancer": [{"topography": {"system": "ICD-O-3", "code": "C61"}}]},
        {"primary_cancer": [{"morphology": {"system": "ICD-O-3", "code": "8000/0"}}]},
        {"primary_cancer": [{"stage_system": "FIGO", "stage_edition": "2018", "stage_group": "IIIX"}]},
        {"toxicity": [{"term": "nausea", "grade": 4, "onset": "2025-03"}]},
        {"analgesic": [{"drug_name": "morfeen", "drug_class": "opioid", "route": "PO"}]},
        {"patient": {"sex_at_birth": "f"}},
        {"patient": {"country": "Japan"}},
    ),
    check=check,
)
