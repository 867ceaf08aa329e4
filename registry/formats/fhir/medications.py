"""MedicationRequest, MedicationStatement, MedicationAdministration: drugs against pain, and against the cancer."""

from typing import Any

from registry.domain.codes.code import Code
from registry.domain.codes.drugs import Drug, drug, drug_of_code
from registry.formats.fhir.bundle import Held
from registry.formats.fhir.dosing import dosing
from registry.formats.fhir.found import Found, record, treatment_key
from registry.formats.fhir.references import References
from registry.formats.fhir.terms import ATC, KEY, RXNORM
from registry.formats.fhir.values import (
    Json,
    NotUsable,
    coded,
    codings,
    day,
    has_profile,
    identified,
    when,
    words,
)
from registry.formats.item import note

_NOT_TAKEN = frozenset({"not-taken", "not-done"})
_NO_ORDER = frozenset({"proposal", "plan"})


def medication(held: Held, references: References) -> list[Found]:
    """The record that a drug is; nothing when it was not taken or is only proposed.

    Raises ``NotUsable`` for a drug that is not known: it is asked about, never guessed.
    """
    resource = held.resource
    if resource.get("status") in _NOT_TAKEN or resource.get("intent") in _NO_ORDER:
        return []
    concept, why = _concept(resource, references)
    known = _drug(concept)
    against_cancer = has_profile(
        resource, "cancer-related-medication-request", "cancer-related-medication-administration"
    ) or _atc(concept, known).startswith("L")
    if against_cancer:
        found = _systemic(resource, concept, known)
    elif known is None:
        text = "the drug is not known to the registry; send its ATC code or RxNorm ingredient"
        raise NotUsable("unknown_drug", "/medicationCodeableConcept", why or text)
    elif known.drug_class == "other" or resource["resourceType"] == "MedicationAdministration":
        return []  # neither for pain nor against the cancer; single doses given do not say what a day was like
    else:
        found = _analgesic(resource, concept, known)
    return [found]


def _concept(resource: Json, references: References) -> tuple[Json, str]:
    """The drug as a concept, and why it could not be found."""
    if "medicationCodeableConcept" in resource:
        return resource["medicationCodeableConcept"], ""
    medication = references.resource(resource.get("medicationReference"), resource, "Medication")
    if medication is None:
        return {}, "the Medication that is referred to is not in the file, or not sound"
    return medication.get("code", {}), ""


def _drug(concept: Json) -> Drug | None:
    """The drug of a concept: by ingredient, by ATC, then by its words; a product in words is read as far as it goes."""
    for system in (RXNORM, ATC):
        if (found := coded(concept, system)) and (
            known := drug_of_code(Code.model_construct(**found))  # whatever its length: looked up, not taken
        ):
            return known
    for text in (concept.get("text"), *(coding.get("display") for coding in codings(concept))):
        if text and (known := drug(text)):
            return known
    return None


def _atc(concept: Json, known: Drug | None) -> str:
    sent = coded(concept, ATC)
    return str(sent["code"]) if sent else (known.atc or "") if known else ""


def _code(concept: Json, known: Drug | None) -> Json | None:
    """The code that was sent, else the one the registry knows for the drug."""
    if sent := coded(concept, ATC, RXNORM):
        return sent
    return {"system": "ATC", "code": known.atc} if known and known.atc else None


def _name(concept: Json, known: Drug | None) -> str | None:
    return known.name if known else words(concept)


def _systemic(resource: Json, concept: Json, known: Drug | None) -> Found:
    """One drug of a systemic therapy; the administrations of one request are one therapy."""
    name = _name(concept, known)
    if name is None:
        raise NotUsable(
            "unknown_drug", "/medicationCodeableConcept", "the drug has neither words nor a known code"
        )
    start, end = _period(resource)
    component = record("systemic_therapy", name=name.lower()[:100], code=_code(concept, known))
    content = record(
        "systemic_therapy",
        therapy_id=_therapy(resource),
        regimen=name[:200],
        components=[component],
        status="given",
        c1d1=start,
        last_dose_date=end,
    )
    return Found("systemic_therapy", content)


def _therapy(resource: Json) -> str:
    request = resource.get("request", {})
    if identified(resource, KEY) is None and request.get("reference"):
        return treatment_key({"id": str(request["reference"]).rpartition("/")[2].rpartition(":")[2]})
    return treatment_key(resource)


def _dosages(resource: Json) -> list[Json]:
    """The dosages; that of a single administration says nothing of how a drug is taken."""
    found = resource.get("dosageInstruction", resource.get("dosage", []))
    return found if isinstance(found, list) else []


def _period(resource: Json) -> tuple[str | None, str | None]:
    """First and last day: of the dosage, of what is said to be effective, or of the order."""
    for dosage in resource.get("dosageInstruction", resource.get("dosage", ())) or ():
        bounds = (
            dosage.get("timing", {}).get("repeat", {}).get("boundsPeriod")
            if isinstance(dosage, dict)
            else None
        )
        if bounds and bounds.get("start"):
            return day(bounds["start"]), day(bounds.get("end"))
    effective = resource.get("effectivePeriod", {})
    start = when(resource, "effective") or resource.get("authoredOn")
    end = effective.get("end") or (start if resource["resourceType"] == "MedicationAdministration" else None)
    return day(start), day(end)


def _analgesic(resource: Json, concept: Json, known: Drug) -> Found:
    start, end = _period(resource)
    found = Found("analgesic", {})
    dosages = _dosages(resource)
    if len(dosages) > 1:
        text = (
            f"only the first of {len(dosages)} dosages is read; send a change of dose as a further resource"
        )
        found.notes.append(note("several_dosages", text))
    dose: dict[str, Any] = dosing(dosages[0] if dosages else {}, found)
    found.content = record(
        "analgesic",
        drug_name=known.name,
        drug=_code(concept, known),
        drug_class=known.drug_class,
        start=start,
        end=end,
        **dose,
    )
    return found
