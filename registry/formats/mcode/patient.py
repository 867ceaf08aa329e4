"""Patient and cause of death. The patient has no name here, and the resource says that it is masked."""

from collections.abc import Iterator

from registry.domain.forms.death import Death
from registry.domain.forms.patient import Patient
from registry.formats.exported import ExportedCase
from registry.formats.fhir.terms import CASE, LOINC
from registry.formats.mcode.elements import Entry, coding, concept, entry, extension, profile, stated, when

_BIRTH_SEX = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"
_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_GENDER = {"female": "female", "male": "male", "intersex": "other", "unknown": "unknown"}
_AT_BIRTH = {"female": "F", "male": "M", "unknown": "UNK"}
_CAUSE_OF_DEATH = "69453-9"


def patient(case: ExportedCase) -> Entry:
    """The patient under the site's pseudonym."""
    known, died = case.case.one(Patient), case.case.one(Death)
    sex = known.sex_at_birth if known else None
    at_birth = _AT_BIRTH.get(sex or "")
    resource = {
        "resourceType": "Patient",
        "meta": profile("cancer-patient"),
        **stated(extension=[extension(_BIRTH_SEX, valueCode=at_birth)] if at_birth else None),
        "identifier": [{"system": CASE, "value": case.pseudonym}],
        "name": [{"extension": [extension(_ABSENT, valueCode="masked")]}],
        "gender": _GENDER.get(sex or "", "unknown"),
        **stated(birthDate=when(known.birth) if known else None),
    }
    if died is not None:
        dead_on = when(died.death_date)
        resource |= {"deceasedDateTime": dead_on} if dead_on else {"deceasedBoolean": True}
    if known is not None and known.country:
        resource["address"] = [{"country": known.country}]
    return entry(case, "", resource)


def cause_of_death(case: ExportedCase, subject: Entry) -> Iterator[Entry]:
    """The cause of death as an observation: mCODE has no profile for it."""
    died = case.case.one(Death)
    if died is not None and died.cause not in (None, "unknown"):
        resource = {
            "resourceType": "Observation",
            "status": "final",
            "code": concept(coding(LOINC, _CAUSE_OF_DEATH), text="Cause of death"),
            "subject": subject.reference,
            **stated(effectiveDateTime=when(died.death_date)),
            "valueCodeableConcept": concept(text=str(died.cause).replace("_", " ")),
        }
        yield entry(case, "cause of death", resource)
