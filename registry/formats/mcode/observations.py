"""Observations: one for each pain score, performance status, state of the disease."""

from collections.abc import Iterator
from typing import Any

from registry.domain.forms.follow_up import FollowUp
from registry.domain.forms.function import Function
from registry.domain.forms.pain_assessment import PainAssessment
from registry.formats.exported import ExportedCase
from registry.formats.fhir.terms import DISEASE_STATUS, ECOG, ILIOPSOAS, KARNOFSKY, LOINC, NRS, VARIABLE
from registry.formats.mcode.elements import (
    Entry,
    Json,
    body_site,
    coding,
    concept,
    entry,
    profile,
    quantity,
    references,
    snomed,
    stated,
    when,
)

_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_SCORES = ("nrs_worst", "nrs_average", "nrs_least", "nrs_now")
_STATES = {
    "no_evidence": "103338009",
    "responding": "268910001",
    "stable": "359746009",
    "progressive": "271299001",
    "recurrent": "271299001",
    "unknown": "709137006",
}
"""State of the cancer as a clinical judgement (SNOMED CT); never a response by RECIST."""


def pain_scores(case: ExportedCase, subject: Entry) -> Iterator[Entry]:
    """Each score of each assessment; a second coding says which of the four it is."""
    for one in case.case.all(PainAssessment):
        for name in _SCORES:
            score = getattr(one, name)
            if score is None:
                continue
            psoas = one.index_or_nonindex == "index"
            side = one.site_side if one.site_side in ("left", "right") else None
            more: Json = stated(
                bodySite=body_site(ILIOPSOAS, side) if psoas else None,
                performer=[subject.reference] if one.respondent == "self" else None,
            )
            code = concept(coding(LOINC, NRS), coding(VARIABLE, name), text=name.replace("nrs_", "pain, "))
            value = {"valueQuantity": quantity(score, "{score}")}
            resource = _observation(subject, code, when(one.assess_date), value) | more
            yield entry(case, f"{name} {one.key}", resource)


def performance(case: ExportedCase, subject: Entry) -> Iterator[Entry]:
    """ECOG and Karnofsky performance status."""
    for one in case.case.all(Function):
        for name, score, code in (
            ("ecog-performance-status", one.ecog, ECOG),
            ("karnofsky-performance-status", one.kps, KARNOFSKY),
        ):
            if score is not None:
                value = {"valueInteger": score}
                made = _observation(subject, concept(coding(LOINC, code)), when(one.assess_date), value)
                yield entry(case, f"{name} {one.key}", made | {"meta": profile(name)})


def disease_states(case: ExportedCase, subject: Entry, primary: Entry | None) -> Iterator[Entry]:
    """The state of the cancer at each contact."""
    for visit in case.case.all(FollowUp):
        if visit.disease_status is not None:
            value = {"valueCodeableConcept": snomed(_STATES[visit.disease_status])}
            code = concept(coding(LOINC, DISEASE_STATUS))
            made = _observation(subject, code, when(visit.visit_date), value)
            made |= {"meta": profile("cancer-disease-status"), **stated(focus=references([primary]))}
            yield entry(case, f"disease status {visit.key}", made)


def _observation(subject: Entry, code: Json, at: str | None, value: dict[str, Any]) -> Json:
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [concept(coding(_CATEGORY, "survey"))],
        "code": code,
        "subject": subject.reference,
        **stated(effectiveDateTime=at),
        **value,
    }
