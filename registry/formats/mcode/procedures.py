"""Procedures: radiotherapy with its dose to its volume in cGy, operations, interventions against pain.

Each record of radiotherapy is one course to one volume, so no dose is ever a sum over volumes. Sessions are not stated:
the registry counts fractions.
"""

from collections.abc import Iterator, Mapping

from registry.domain.forms.intervention import Intervention
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.forms.surgery import Surgery
from registry.formats.exported import ExportedCase
from registry.formats.fhir.terms import (
    INTENTS,
    MCODE,
    MODALITIES,
    RADIOTHERAPY_COURSE,
    SURGERY,
    TECHNIQUES,
    VOLUME_TYPES,
)
from registry.formats.mcode.elements import (
    SIDE_CODES,
    Entry,
    Json,
    coded,
    concept,
    entry,
    extension,
    key,
    laterality,
    period,
    profile,
    quantity,
    references,
    snomed,
    stated,
    when,
    words,
)

_STATUS = {"yes": "completed", "truncated": "stopped", "not_started": "not-done"}
_MUSCLE = "71616004"
"""Skeletal muscle: the value set of radiotherapy volumes has no psoas."""


def _code_of(table: Mapping[str, str], value: str | None) -> Json | None:
    """The concept of SNOMED CT that stands for a value, if there is one."""
    for code, meaning in table.items():
        if meaning == value:
            return snomed(code)
    return None


def radiotherapy(case: ExportedCase, subject: Entry, reason: Entry | None) -> Iterator[Entry]:
    """Each course with its volume; ``reason`` is the syndrome, where a course was given for it."""
    for course in case.case.all(Radiotherapy):
        volume = _volume(case, course, subject)
        if volume is not None:
            yield volume
        how = [
            stated(url=f"{MCODE}radiotherapy-{name}", valueCodeableConcept=_code_of(table, value))
            for name, table, value in (
                ("modality", MODALITIES, course.modality),
                ("technique", TECHNIQUES, course.technique),
            )
        ]
        how = [one for one in how if "valueCodeableConcept" in one]
        intent = _code_of(INTENTS, course.intent)
        more = [
            *([extension("procedure-intent", valueCodeableConcept=intent)] if intent else []),
            *([extension("radiotherapy-modality-and-technique", extension=how)] if how else []),
            *_dose(course, volume),
        ]
        mine = course.indication == "mps_index_pain"
        resource = {
            "resourceType": "Procedure",
            "meta": profile("radiotherapy-course-summary"),
            **stated(extension=more),
            "identifier": key(course.rt_id),
            "status": _STATUS.get(course.completed or "", "completed" if course.end else "in-progress"),
            **stated(
                statusReason=concept(text=course.not_completed_reason)
                if course.not_completed_reason
                else None
            ),
            "code": snomed(RADIOTHERAPY_COURSE),
            "subject": subject.reference,
            **stated(performedPeriod=period(course.start, course.end)),
            **stated(reasonReference=references([reason]) if mine else None),
        }
        yield entry(case, f"radiotherapy {course.rt_id}", resource)


def _volume(case: ExportedCase, course: Radiotherapy, subject: Entry) -> Entry | None:
    target = course.target_volume
    if target is None and course.delivered_dose_gy is None:
        return None
    place = coded(target.body_site) if target and target.body_site else None
    if place is None and course.indication == "mps_index_pain":
        place = snomed(_MUSCLE)
    side = SIDE_CODES.get((target.side if target else None) or "")
    name = words(target.name if target else None) or (
        "Psoas" if course.indication == "mps_index_pain" else "Target"
    )
    kind = _code_of(VOLUME_TYPES, target.volume_type if target else None)
    resource = {
        "resourceType": "BodyStructure",
        "meta": profile("radiotherapy-volume"),
        "identifier": key(course.rt_id),
        **stated(morphology=kind, location=place, locationQualifier=[snomed(side)] if side else None),
        "description": name,
        "patient": subject.reference,
    }
    return entry(case, f"volume {course.rt_id}", resource)


def _dose(course: Radiotherapy, volume: Entry | None) -> list[Json]:
    """What was delivered to the volume; the fixed unit of mCODE is cGy."""
    if volume is None or (course.delivered_dose_gy is None and course.delivered_fractions is None):
        return []
    parts: list[Json] = [{"url": "volume", "valueReference": volume.reference}]
    if course.delivered_dose_gy is not None:
        in_cgy = quantity(round(course.delivered_dose_gy * 100, 6), "cGy")
        parts.append({"url": "totalDoseDelivered", "valueQuantity": in_cgy})
    if course.delivered_fractions is not None:
        parts.append({"url": "fractionsDelivered", "valueUnsignedInt": course.delivered_fractions})
    return [extension("radiotherapy-dose-delivered-to-volume", extension=parts)]


def operations(case: ExportedCase, subject: Entry, reason: Entry | None) -> Iterator[Entry]:
    """Each operation."""
    for one in case.case.all(Surgery):
        intent = _code_of(INTENTS, one.intent)
        site = stated(extension=laterality(one.side)) | {"text": one.side} if one.side else None
        resource = {
            "resourceType": "Procedure",
            "meta": profile("cancer-related-surgical-procedure"),
            **stated(
                extension=[extension("procedure-intent", valueCodeableConcept=intent)] if intent else None
            ),
            "identifier": key(one.surgery_id),
            "status": "completed",
            "category": snomed(SURGERY),
            "code": coded(one.procedure_code, one.procedure) or concept(text="Operation"),
            "subject": subject.reference,
            **stated(performedDateTime=when(one.date), bodySite=[site] if site else None),
            **stated(reasonReference=references([reason]) if one.indication == "mps_index_pain" else None),
        }
        yield entry(case, f"operation {one.surgery_id}", resource)


def interventions(case: ExportedCase, subject: Entry) -> Iterator[Entry]:
    """Each intervention against pain; mCODE has no profile for it."""
    for one in case.case.all(Intervention):
        side = one.side if one.side in SIDE_CODES else None
        resource = {
            "resourceType": "Procedure",
            "status": "completed",
            "code": concept(text=(one.type or "intervention").replace("_", " ")),
            "subject": subject.reference,
            **stated(performedPeriod=period(one.date, one.end) if one.end else None),
            **stated(performedDateTime=when(one.date) if one.end is None else None),
            **stated(bodySite=[{"extension": laterality(side), "text": side}] if side else None),
        }
        yield entry(case, f"intervention {one.key}", resource)
