"""Procedure: courses of radiotherapy, one record for each volume, and operations."""

from typing import Any

from registry.formats.fhir.bundle import Held
from registry.formats.fhir.found import Found, record, treatment_key
from registry.formats.fhir.references import References
from registry.formats.fhir.terms import (
    INTENTS,
    MCODE,
    MODALITIES,
    RADIOTHERAPY_COURSE,
    SCT,
    SURGERY,
    TECHNIQUES,
    UCUM,
    VOLUME_TYPES,
)
from registry.formats.fhir.values import (
    Json,
    NotUsable,
    coded,
    codes,
    day,
    extension,
    extensions,
    has_profile,
    mapped,
    side,
    when,
    words,
)
from registry.formats.item import note
from registry.formats.units import convert, factor

_COMPLETED = {"completed": "yes", "stopped": "truncated", "not-done": "not_started"}


def procedure(held: Held, references: References) -> list[Found]:
    """The records that a Procedure is; nothing for one that is planned or of another kind. Raises ``NotUsable``."""
    resource = held.resource
    if resource.get("status") == "preparation":
        return []
    if RADIOTHERAPY_COURSE in codes(resource.get("code"), SCT) or has_profile(
        resource, "radiotherapy-course-summary"
    ):
        return _courses(resource, references)
    if SURGERY in codes(resource.get("category"), SCT) or has_profile(
        resource, "cancer-related-surgical-procedure"
    ):
        return [] if resource.get("status") == "not-done" else [_operation(resource)]
    return []


def _courses(resource: Json, references: References) -> list[Found]:
    """One record for each volume: doses to several volumes are never added, and sessions are not fractions."""
    key = treatment_key(resource)
    how = extension(resource, f"{MCODE}radiotherapy-modality-and-technique")
    modality = extension(how, f"{MCODE}radiotherapy-modality").get("valueCodeableConcept")
    technique = extension(how, f"{MCODE}radiotherapy-technique").get("valueCodeableConcept")
    period = resource.get("performedPeriod", {})
    course = record(
        "radiotherapy",
        intent=_intent(resource),
        modality=mapped(modality, SCT, MODALITIES),
        technique=mapped(technique, SCT, TECHNIQUES),
        start=day(when(resource, "performed")),
        end=day(period.get("end") or resource.get("performedDateTime")),
        completed=_COMPLETED.get(str(resource.get("status"))),
        not_completed_reason=words(resource.get("statusReason")),
    )
    volumes = extensions(resource, f"{MCODE}radiotherapy-dose-delivered-to-volume")
    found = []
    for number, volume in enumerate(volumes, 1):
        name = key if len(volumes) == 1 else f"{key[-36:]}-{number}"
        found.append(_volume(Found("radiotherapy", {"rt_id": name, **course}), volume, resource, references))
    return found or [Found("radiotherapy", {"rt_id": key, **course})]


def _volume(found: Found, dose: Json, resource: Json, references: References) -> Found:
    pointed = extension(dose, "volume").get("valueReference")
    body = references.resource(pointed, resource, "BodyStructure")
    if pointed is not None and body is None:
        text = "the volume that the dose refers to is not in the file, or not sound; the target is not stated"
        found.notes.append(note("unresolved_reference", text))
    if target := _target(body):
        found.content["target_volume"] = target
    fractions = extension(dose, "fractionsDelivered")
    counted = fractions.get("valueUnsignedInt", fractions.get("valuePositiveInt"))
    if counted is not None:
        found.content["delivered_fractions"] = counted
    if quantity := extension(dose, "totalDoseDelivered").get("valueQuantity"):
        found.content["delivered_dose_gy"] = _gray(quantity, found)
    return found


def _gray(quantity: Json, found: Found) -> Any:
    unit = str(quantity.get("code", quantity.get("unit", "")))
    by = factor(unit, "Gy") if unit and quantity.get("system", UCUM) == UCUM else None
    if by is None or "value" not in quantity:
        text = "a dose without its unit is a factor of 100 uncertain; send it in cGy, the unit of mCODE"
        raise NotUsable("dose_unit", "/extension", text)
    if unit == "Gy":
        text = "mCODE states doses in cGy; this one was taken as the Gy that it says"
        found.notes.append(note("dose_in_gy", text))
    return convert(quantity["value"], by)


def _target(body: Json | None) -> Json:
    if body is None:
        return {}
    return record(
        "radiotherapy",
        name=(body.get("description") or words(body.get("location")) or "")[:200] or None,
        side=side(*body.get("locationQualifier", ()), body.get("location")),
        volume_type=mapped(body.get("morphology"), SCT, VOLUME_TYPES),
        body_site=coded(body.get("location"), SCT),
    )


def _intent(resource: Json) -> str | None:
    concept = extension(resource, f"{MCODE}procedure-intent").get("valueCodeableConcept")
    found = mapped(concept, SCT, INTENTS)
    return None if found == "diagnostic" else found


def _operation(resource: Json) -> Found:
    concept = extension(resource, f"{MCODE}procedure-intent").get("valueCodeableConcept")
    intent = mapped(concept, SCT, INTENTS)
    content = record(
        "surgery",
        surgery_id=treatment_key(resource),
        procedure=(words(resource.get("code")) or "")[:300] or None,
        procedure_code=coded(resource.get("code"), SCT),
        date=day(when(resource, "performed")),
        side=side(*resource.get("bodySite", ())),
        intent=intent if intent in ("curative", "palliative", "diagnostic") else None,
    )
    return Found("surgery", content)
