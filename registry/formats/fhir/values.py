"""Reading the elements of a resource whose structure was found sound."""

from collections.abc import Iterator
from typing import Any

from registry.domain.codes.systems import short_system
from registry.formats.fhir.terms import ABSENT, KEY, MCODE, SCT, SIDES
from registry.formats.units import plain_number

Json = dict[str, Any]


class NotUsable(ValueError):
    """A resource that says something the registry cannot take: where in it (JSON pointer), and what to do."""

    def __init__(self, code: str, pointer: str, message: str) -> None:
        super().__init__(message)
        self.code, self.pointer = code, pointer


def codings(concept: Json | None) -> list[Json]:
    """The codings of a CodeableConcept that may be absent."""
    return list((concept or {}).get("coding", ()))


def codes(concept: Json | None, system: str) -> list[str]:
    """The codes of a concept in one system."""
    return [c["code"] for c in codings(concept) if c.get("system") == system and "code" in c]


def mapped(concept: Json | None, system: str, table: dict[str, Any]) -> Any:
    """What the table has for the first code of the concept that is in it; None when there is none."""
    return next((table[code] for code in codes(concept, system) if code in table), None)


def words(concept: Json | None) -> str | None:
    """The concept in words: its text, or the first display."""
    said = concept or {}
    found = said.get("text") or next((c["display"] for c in codings(said) if c.get("display")), None)
    return str(found) if found else None


def coded(concept: Json | None, *systems: str) -> Json | None:
    """The concept as a code of the registry, from the first of these systems that it has; None when it has none."""
    for system in systems:
        for coding in codings(concept):
            if coding.get("system") == system and coding.get("code"):
                found = {"system": short_system(system) or system, "code": coding["code"]}
                return found | {k: coding[k] for k in ("version", "display") if coding.get(k)}
    return None


def extensions(element: Json | None, url: str) -> list[Json]:
    """The extensions of an element with this address."""
    return [one for one in (element or {}).get("extension", ()) if one.get("url") == url]


def extension(element: Json | None, url: str) -> Json:
    """The first extension of an element with this address; an empty one when there is none."""
    return next(iter(extensions(element, url)), {})


def has_profile(resource: Json, *names: str) -> bool:
    """Whether the resource claims one of these mCODE profiles: a hint, which hospitals often omit."""
    claimed = (one.partition("|")[0] for one in resource.get("meta", {}).get("profile", ()))
    return any(one.removeprefix(MCODE) in names for one in claimed)


def when(resource: Json, name: str) -> str | None:
    """The time of ``name[x]`` as it was written: a dateTime, an instant, or the start of a period."""
    period = resource.get(f"{name}Period", {})
    said = resource.get(f"{name}DateTime") or resource.get(f"{name}Instant")
    found = said or period.get("start") or period.get("end")
    return str(found) if found else None


def day(time: str | None) -> str | None:
    """The partial date of a FHIR time; the day is that of the clock it was written by."""
    return time[:10] if time else None


def side(*places: Json | None) -> str | None:
    """The side that body sites or qualifiers state: left, right or bilateral."""
    for place in places:
        qualifiers = (
            one.get("valueCodeableConcept") for one in extensions(place, f"{MCODE}laterality-qualifier")
        )
        for concept in (*qualifiers, place):
            if found := mapped(concept, SCT, SIDES):
                return str(found)
    return None


def absent(element: Json) -> str | None:
    """Why a value is missing, as the registry says it."""
    for coding in codings(element.get("dataAbsentReason")):
        return ABSENT.get(coding.get("code", ""), "not_stated")
    return "not_stated" if "dataAbsentReason" in element else None


def whole_number(resource: Json, answers: dict[str, int], system: str, units: tuple[str, ...]) -> int:
    """The whole number of an Observation in any of its three wire forms: quantity, integer, coded answer.

    Raises ``NotUsable`` for comparators, other units, fractions of a number, and for no value.
    """
    value: Any = None
    if "valueQuantity" in resource:
        quantity = resource["valueQuantity"]
        unit = quantity.get("code", quantity.get("unit"))
        if "comparator" in quantity:
            text = "the score is more or less than a number; send the number"
            raise NotUsable("score", "/valueQuantity/comparator", text)
        if unit is not None and unit not in units:
            text = f"the score has the unit {str(unit)[:20]}; a numeric rating has {{score}} or none"
            raise NotUsable("score", "/valueQuantity/code", text)
        value = quantity.get("value")
    elif "valueInteger" in resource:
        value = resource["valueInteger"]
    else:
        value = mapped(resource.get("valueCodeableConcept"), system, answers)
    found = None if value is None else plain_number(value)
    if not isinstance(found, int):
        raise NotUsable("score", "", "the score is no whole number; send valueInteger, or the coded answer")
    return found


def identified(resource: Json, system: str) -> str | None:
    """The value of the identifier of this system."""
    found = resource.get("identifier", [])
    for one in found if isinstance(found, list) else (found,):
        if one.get("system") == system and one.get("value"):
            return str(one["value"])
    return None


def identified_number(resource: Json, otherwise: int) -> int:
    """The number by which a record is known, as our identifier states it. Raises ``NotUsable`` where it is no number."""
    stated = identified(resource, KEY)
    if stated is None:
        return otherwise
    if not (stated.isascii() and stated.isdecimal() and len(stated) < 5):
        raise NotUsable("wrong_number", "/identifier", f"the identifier of {KEY} is to be a number: 1, 2, 3")
    return int(stated)


def referenced(resource: Json, *names: str) -> Iterator[Json]:
    """The references under these names, whether the element is one or many."""
    for name in names:
        found = resource.get(name, [])
        yield from found if isinstance(found, list) else (found,)
