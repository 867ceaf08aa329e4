"""Observation: pain scores, performance status, disease status."""

from typing import Any

from registry.formats.fhir.bundle import Held
from registry.formats.fhir.found import Found, record
from registry.formats.fhir.references import References
from registry.formats.fhir.terms import (
    DISEASE_STATES,
    DISEASE_STATUS,
    ECOG,
    ECOG_ANSWERS,
    ILIOPSOAS,
    KARNOFSKY,
    KARNOFSKY_ANSWERS,
    LOINC,
    NRS,
    NRS_ANSWERS,
    SCT,
    VARIABLE,
)
from registry.formats.fhir.values import (
    Json,
    NotUsable,
    absent,
    codes,
    day,
    mapped,
    side,
    when,
    whole_number,
)
from registry.formats.item import note

_SCORES = ("nrs_worst", "nrs_average", "nrs_least", "nrs_now")


def observation(held: Held, references: References) -> list[Found]:
    """The record that an Observation is part of; nothing for any other code. Raises ``NotUsable``."""
    said = codes(held.resource.get("code"), LOINC)
    if NRS in said:
        return [_pain(held.resource, references)]
    if ECOG in said:
        return [_function(held.resource, "ecog", ECOG_ANSWERS)]
    if KARNOFSKY in said:
        return [_function(held.resource, "kps", KARNOFSKY_ANSWERS)]
    if DISEASE_STATUS in said:
        return [_disease(held.resource)]
    return []


def _pain(resource: Json, references: References) -> Found:
    """One score. LOINC 72514-3 does not say which of the four it is; without a second coding it is pain now."""
    named = [one for one in codes(resource.get("code"), VARIABLE) if one in _SCORES]
    name = named[0] if named else "nrs_now"
    time = when(resource, "effective")
    place = resource.get("bodySite")
    content = record(
        "pain_assessment",
        assess_date=day(time),
        time_point=time[11:16] if time and "T" in time and name == "nrs_now" else None,
        index_or_nonindex="index" if ILIOPSOAS in codes(place, SCT) else None,
        site_side=_one_side(side(place)),
        respondent=_respondent(resource, references),
    )
    found = Found("pain_assessment", content)
    _set(content, name, resource, NRS_ANSWERS)
    if not named:
        text = f"the score is taken as pain now; a coding of the system {VARIABLE} would say nrs_worst, nrs_average ..."
        found.notes.append(note("pain_now", text))
    return found


def _one_side(found: str | None) -> str | None:
    return found if found in ("left", "right") else None


def _respondent(resource: Json, references: References) -> str | None:
    for performer in resource.get("performer", ()):
        known = references.held(performer)
        kind = (
            known.resource.get("resourceType") if known else performer.get("reference", "").partition("/")[0]
        )
        if kind in ("Patient", "RelatedPerson", "Practitioner"):
            return {"Patient": "self", "RelatedPerson": "proxy"}.get(kind, "clinician")
    return None


def _function(resource: Json, name: str, answers: dict[str, int]) -> Found:
    content = record("function", assess_date=day(when(resource, "effective")))
    _set(content, name, resource, answers)
    return Found("function", content)


def _set(content: dict[str, Any], name: str, resource: Json, answers: dict[str, int]) -> None:
    """Set a score, or the reason why there is none."""
    if why := absent(resource):
        content["missing"] = {name: why}
    else:
        content[name] = whole_number(resource, answers, LOINC, ("{score}", "1"))


def _disease(resource: Json) -> Found:
    """State of the cancer: a clinical judgement, never a response of the tumour by RECIST."""
    content = record("follow_up", visit_date=day(when(resource, "effective")))
    if why := absent(resource):
        content["missing"] = {"disease_status": why}
        return Found("follow_up", content)
    state = mapped(resource.get("valueCodeableConcept"), SCT, DISEASE_STATES)
    if state is None:
        text = "the disease status has none of the codes of mCODE that the registry reads"
        raise NotUsable("disease_status", "/valueCodeableConcept", text)
    return Found("follow_up", {**content, "disease_status": state})
