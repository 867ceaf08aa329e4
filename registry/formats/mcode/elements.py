"""The small parts that resources are made of."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from registry.domain.codes.code import Code
from registry.domain.codes.lists import code_list
from registry.domain.codes.systems import SYSTEMS, short_system
from registry.domain.dates import PartialDate
from registry.formats.exported import ExportedCase
from registry.formats.fhir.terms import KEY, MCODE, SCT, SIDES, UCUM

Json = dict[str, Any]

_SPACE = uuid.UUID("6a1ca3b0-3f0e-5d0f-9a53-0d8b1f0f6a11")
"""Name space of the ids of resources: the same record has the same id in every export."""

_URI = re.compile(r"[!-~]+")
_CODE = re.compile(r"[!-~]+(?: [!-~]+)*")
_BLANK = re.compile(r"[^\S \t\r\n]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")

SIDE_CODES = {name: code for code, name in SIDES.items()}
SIDE_WORDS = {"left": "Left", "right": "Right", "bilateral": "Right and left"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A resource with its address in the bundle."""

    url: str
    resource: Json

    @property
    def reference(self) -> Json:
        """A reference to it."""
        return {"reference": self.url}


def entry(case: ExportedCase, what: str, resource: Json) -> Entry:
    """The resource under an address made of the case and of ``what`` it is."""
    made = uuid.uuid5(_SPACE, f"{case.registry_id}/{resource['resourceType']}/{what}")
    return Entry(f"urn:uuid:{made}", {"resourceType": resource["resourceType"], "id": str(made), **resource})


def stated(**elements: Any) -> Json:
    """The elements that have something in them."""
    return {name: value for name, value in elements.items() if value is not None and value not in ([], {})}


def profile(name: str) -> Json:
    """The ``meta`` that claims an mCODE profile."""
    return {"profile": [f"{MCODE}{name}"]}


def coding(system: str, code: str, display: str | None = None) -> Json:
    """One coding."""
    return stated(system=system, code=code, display=display)


def concept(*codings: Json, text: str | None = None) -> Json:
    """A CodeableConcept."""
    return stated(coding=list(codings), text=words(text))


def words(text: str | None) -> str | None:
    """The text as a string of FHIR can hold it, or None where nothing is left; the record itself comes whole."""
    if text is None:
        return None
    return _CONTROL.sub("\ufffd", _BLANK.sub(" ", text)).strip() or None


def snomed(code: str) -> Json:
    """A concept of SNOMED CT that the registry knows."""
    return concept(coding(SCT, code, code_list("snomed").display(code)))


def coded(code: Code | None, text: str | None = None) -> Json | None:
    """A coded value of a record as a concept."""
    if code is None:
        return concept(text=text) if text else None
    short = short_system(code.system)
    system = SYSTEMS[short][0] if short else code.system
    if not _URI.fullmatch(system) or not _CODE.fullmatch(code.code):
        return concept(text=text or code.verbatim or code.display or f"{system} {code.code}")
    one = stated(system=system, version=words(code.version), code=code.code, display=words(code.display))
    return concept(one, text=text or code.verbatim)


def extension(url: str, **value: Any) -> Json:
    """An extension of mCODE, or one with a full address."""
    return {"url": url if url.startswith(("http", "urn:")) else f"{MCODE}{url}", **value}


def laterality(side: str | None) -> list[Json] | None:
    """The extension that says on which side a body site is; None for no side."""
    code = SIDE_CODES.get(side or "")
    if code is None:
        return None
    return [extension("laterality-qualifier", valueCodeableConcept=snomed(code))]


def body_site(code: str, side: str | None) -> Json:
    """A body site of SNOMED CT with its side."""
    return snomed(code) | stated(extension=laterality(side))


def key(value: str | int) -> list[Json]:
    """The identifier by which the registry knows a record again."""
    return [{"system": KEY, "value": str(value)}]


def when(date: PartialDate | None) -> str | None:
    """A FHIR dateTime as partial as the date is."""
    return None if date is None else date.text


def period(start: PartialDate | None, end: PartialDate | None) -> Json | None:
    """A period with the ends that are known."""
    return stated(start=when(start), end=when(end)) or None


def quantity(value: float, unit: str) -> Json:
    """A quantity in a UCUM unit; a whole number is written as one."""
    return {
        "value": int(value) if value == int(value) else value,
        "unit": unit,
        "system": UCUM,
        "code": unit,
    }


def references(entries: Iterable[Entry | None]) -> list[Json]:
    """References to the entries there are."""
    return [one.reference for one in entries if one is not None]
