"""Dosage of a drug: what is taken at once, how often, by which route, and whether only when needed."""

from typing import Any

from registry.domain.codes.units import normalise_unit
from registry.formats.fhir.found import Found
from registry.formats.fhir.terms import ROUTES, SCT
from registry.formats.fhir.values import Json, NotUsable, mapped, words
from registry.formats.item import note
from registry.formats.units import plain_number

_HOURS = {"h": 1.0, "d": 24.0, "wk": 168.0}
_AMOUNTS = frozenset({"mg", "ug", "g", "mL"})
_RATES = frozenset({"mg/d", "ug/d", "g/d", "mg/h", "ug/h", "mL/h"})
_TIMES = {  # http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation, times a day
    "QD": 1.0,
    "BID": 2.0,
    "TID": 3.0,
    "QID": 4.0,
    "Q4H": 6.0,
    "Q6H": 4.0,
    "Q8H": 3.0,
    "QOD": 0.5,
}


def dosing(dosage: Json, found: Found) -> dict[str, Any]:
    """The variables of the form analgesic that a Dosage states. Raises ``NotUsable`` for a unit that is no dose."""
    route = mapped(dosage.get("route"), SCT, ROUTES) or _named_route(dosage)
    content: dict[str, Any] = {"route": route}
    value, unit = _dose(dosage, found)
    if value is None:
        return content
    if dosage.get("asNeededBoolean") is True or "asNeededCodeableConcept" in dosage:
        if unit not in ("mg", "ug"):
            text = f"a rescue dose is taken in mg or ug, not in {unit}"
            raise NotUsable("dose_unit", "/dosageInstruction", text)
        return {
            **content,
            "rescue_dose": value,
            "rescue_unit": unit,
            "missing": {"dose_value": "not_applicable"},
        }
    content |= {"dose_value": value, "dose_unit": unit}
    if unit in _AMOUNTS:
        content["frequency"] = _times_a_day(dosage.get("timing", {}))
    return content


def _named_route(dosage: Json) -> str | None:
    named = words(dosage.get("route"))
    return next((route for route in ROUTES.values() if named and named.casefold() == route.casefold()), None)


def _dose(dosage: Json, found: Found) -> tuple[float | None, str]:
    """Amount or rate with its unit; None where only a range or a number of tablets or patches is stated."""
    rates = dosage.get("doseAndRate") or [{}]
    for name, units in (("doseQuantity", _AMOUNTS), ("rateQuantity", _RATES)):
        quantity = rates[0].get(name)
        if not quantity or "value" not in quantity:
            continue
        sent = str(quantity.get("code", quantity.get("unit", "")))
        unit = normalise_unit(sent) or ""
        if unit in units:
            return quantity["value"], unit
        if sent.startswith("{") or sent in ("", "1") or not unit:
            break
        raise NotUsable(
            "dose_unit", "/dosageInstruction", f"the dose is in {sent[:20]}; send mg, ug, g, mL or a rate"
        )
    if rates[0]:
        text = "the dose has no amount that the registry reads (a range, tablets, patches); it is not stated"
        found.notes.append(note("no_dose", text))
    return None, ""


def _times_a_day(timing: Json) -> float | int | None:
    """Administrations a day, from frequency and period or from a code such as BID."""
    repeat = timing.get("repeat", {})
    period, unit = repeat.get("period"), repeat.get("periodUnit")
    if period and unit in _HOURS:
        times = repeat.get("frequency", 1) * 24 / (period * _HOURS[unit])
        return plain_number(round(times, 4))
    for coding in timing.get("code", {}).get("coding", ()):
        if coding.get("code") in _TIMES:
            return _TIMES[coding["code"]]
    return None
