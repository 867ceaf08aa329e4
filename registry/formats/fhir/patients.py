"""Patient: the pseudonym of the case, what is known of the person, and death."""

from registry.formats.fhir.bundle import Held
from registry.formats.fhir.found import Found, record
from registry.formats.fhir.terms import CASE
from registry.formats.fhir.values import Json, NotUsable, day, extension, identified
from registry.formats.item import note

_BIRTH_SEX = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"
_SEX = {"male": "male", "female": "female", "unknown": "unknown"}  # `other` is not a sex at birth
_NOTHING = {"sex_at_birth": "unknown"}  # what a Patient says of whom nothing is known: `gender` is required
_SEX_AT_BIRTH = {"M": "male", "F": "female", "UNK": "unknown", "ASKU": "unknown"}


def case_of(patient: Json, case_system: str | None) -> tuple[str, bool]:
    """The site's pseudonym of the patient, and whether it is only the server's id.

    Other identifiers are never taken: they are mostly record numbers, which name the person. Raises ``NotUsable``.
    """
    if named := identified(patient, case_system or CASE) or identified(patient, CASE):
        return named, False
    if case_system is None and "id" in patient:
        return str(patient["id"]), True
    text = f"give the pseudonym of the patient as an identifier of the system {case_system or CASE}"
    raise NotUsable("case_name", "/identifier", text)


def patient(held: Held, *, by_id: bool) -> list[Found]:
    """The forms patient and death; ``by_id`` when the case is named by the server's id."""
    resource = held.resource
    found = []
    about = record(
        "patient", birth=resource.get("birthDate"), sex_at_birth=_sex(resource), country=_country(resource)
    )
    if about and about != _NOTHING:
        found.append(Found("patient", about))
    if "deceasedDateTime" in resource:
        found.append(Found("death", record("death", death_date=day(resource["deceasedDateTime"]))))
    elif resource.get("deceasedBoolean") is True:
        found.append(Found("death", {}))
    if by_id and found:
        text = (
            "the case is named by the id of the Patient, which another server would give anew; "
            f"send the pseudonym as an identifier of the system {CASE}"
        )
        found[0].notes.append(note("case_named_by_id", text))
    return found


def _sex(resource: Json) -> str | None:
    at_birth = _SEX_AT_BIRTH.get(extension(resource, _BIRTH_SEX).get("valueCode", ""))
    return at_birth or _SEX.get(resource.get("gender", ""))


def _country(resource: Json) -> str | None:
    """The country of an address, where it is a code of ISO 3166-1; nothing else of an address is read."""
    for address in resource.get("address", ()):
        country = str(address.get("country", ""))
        if len(country) == 2 and country.isascii() and country.isalpha():
            return country.upper()
    return None
