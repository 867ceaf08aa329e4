"""Condition: the primary cancer, and the metastasis that is the syndrome."""

import re

from registry.formats.fhir.bundle import Held
from registry.formats.fhir.found import Found, record
from registry.formats.fhir.terms import ICD_10, ICD_10_CM, ICD_O_3, ILIOPSOAS, MCODE, SCT, SITES
from registry.formats.fhir.values import (
    Json,
    coded,
    codes,
    codings,
    day,
    extension,
    has_profile,
    identified_number,
    mapped,
    side,
    words,
)
from registry.formats.item import note

_ASSERTED = "http://hl7.org/fhir/StructureDefinition/condition-assertedDate"
_SECONDARY = re.compile(r"C7[789]")
_PRIMARY = re.compile(r"C([0-6]\d|7[0-6]|8[0-9]|9[0-7])")
_SHARED_SITE = re.compile(r"C(0\d|1\d|2[0-6]|3[0-47-9]|4[014-9]|5\d|6\d|7[0-6])(?:\.(\d))?")
_NOT_SHARED = ("C45", "C46", "C97")
_PSOAS = re.compile("psoas", re.IGNORECASE)


def condition(held: Held, number: int) -> list[Found]:
    """The primary cancer or the episode that a Condition is; nothing for any other one.

    ``number`` is that of the next primary of the case, where the Condition does not state its own.
    """
    resource = held.resource
    secondary = has_profile(resource, "secondary-cancer-condition") or _icd(resource, _SECONDARY)
    if in_psoas(resource):
        return [_episode(resource)]
    if not secondary and (has_profile(resource, "primary-cancer-condition") or _icd(resource, _PRIMARY)):
        return [_primary(resource, number)]
    return []


def in_psoas(resource: Json) -> bool:
    """Whether a Condition is in the psoas: by body site or by words, for no code of a metastasis says so.

    SNOMED CT and ICD-10 have no code for a metastasis in the psoas; those of muscles and soft tissue are not proof.
    """
    places = resource.get("bodySite", ())
    if any(ILIOPSOAS in codes(place, SCT) for place in places):
        return True
    said = (words(resource.get("code")), *(words(place) for place in places))
    return any(_PSOAS.search(text) for text in said if text)


def _icd(resource: Json, pattern: re.Pattern[str]) -> bool:
    found = [*codes(resource.get("code"), ICD_10), *codes(resource.get("code"), ICD_10_CM)]
    return any(pattern.match(code) for code in found)


def _episode(resource: Json) -> Found:
    content = record(
        "mps_episode",
        episode_no=identified_number(resource, 1),
        side=side(*resource.get("bodySite", ())),
        mps_dx_date=_diagnosed(resource),
    )
    return Found("mps_episode", content)


def _primary(resource: Json, number: int) -> Found:
    site = topography(resource)
    histology = extension(resource, f"{MCODE}histology-morphology-behavior").get("valueCodeableConcept")
    content = record(
        "primary_cancer",
        primary_no=identified_number(resource, number),
        topography=site,
        morphology=coded(histology, ICD_O_3),
        dx_date=_diagnosed(resource),
    )
    made = Found("primary_cancer", content)
    if site is None:
        text = (
            "the site of the primary has no code that can be read as ICD-O-3 topography; send one in `code`"
        )
        made.notes.append(note("no_topography", text))
    if histology and "morphology" not in content:
        made.notes.append(note("no_morphology", "the histology has no code of ICD-O-3; send one"))
    return made


def topography(resource: Json) -> Json | None:
    """The site of a primary as ICD-O-3.

    ICD-O-3 took its topography over from the neoplasms of ICD-10, with a fourth character throughout (ICD-O-3,
    Fritz 2000); melanoma, mesothelioma, Kaposi sarcoma and what is not solid have other codes and are read from the
    body site only.
    """
    places = [resource.get("code"), *resource.get("bodySite", ())]
    for place in places:
        if found := coded(place, ICD_O_3):
            return found
    for coding in codings(resource.get("code")):
        if coding.get("system") in (ICD_10, ICD_10_CM) and (site := _shared(str(coding.get("code", "")))):
            name = "ICD-10" if coding["system"] == ICD_10 else "ICD-10-CM"
            return {"system": "ICD-O-3", "code": site, "verbatim": f"{name} {coding['code']}"}
    for place in reversed(places):
        if site := mapped(place, SCT, SITES):
            return {"system": "ICD-O-3", "code": site}
    return None


def _shared(code: str) -> str | None:
    found = _SHARED_SITE.match(code)
    if found is None or code.startswith(_NOT_SHARED):
        return None
    return f"C{found[1]}.{found[2] or '9'}"


def _diagnosed(resource: Json) -> str | None:
    """The day of diagnosis: asserted, or of onset as mCODE uses it, or recorded."""
    said = extension(resource, _ASSERTED).get("valueDateTime")
    onset = resource.get("onsetDateTime") or resource.get("onsetPeriod", {}).get("start")
    return day(said or onset or resource.get("recordedDate"))
