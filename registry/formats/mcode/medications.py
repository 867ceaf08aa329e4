"""Medications: analgesics as statements of what was taken, systemic therapy as administrations against the cancer.

No mCODE profile is for analgesics: they are not directed against the cancer. A rescue dose is a second dosage, taken as
needed.
"""

from collections.abc import Iterator

from registry.domain.codes.code import Code
from registry.domain.forms.analgesic import Analgesic
from registry.domain.forms.systemic_therapy import SystemicTherapy
from registry.formats.exported import ExportedCase
from registry.formats.fhir.terms import ROUTES, SCT
from registry.formats.mcode.elements import (
    Entry,
    Json,
    coded,
    coding,
    concept,
    entry,
    key,
    period,
    profile,
    quantity,
    references,
    stated,
)

_RAREST = 1 / 366
"""Times a day below which a frequency is no timing any more; the record itself comes whole."""

_ROUTE_CODES = {name: code for code, name in ROUTES.items()}


def analgesics(case: ExportedCase, subject: Entry, reason: Entry | None) -> Iterator[Entry]:
    """Each dose interval of each analgesic."""
    for one in case.case.all(Analgesic):
        dosages = [dosage for dosage in (_scheduled(one), _rescue(one)) if dosage]
        resource = {
            "resourceType": "MedicationStatement",
            "status": "active" if one.end is None and one.end_at is None else "completed",
            "medicationCodeableConcept": _drug(one.drug_name, one.drug),
            "subject": subject.reference,
            **stated(effectivePeriod=period(one.start, one.end)),
            **stated(reasonReference=references([reason]) if one.drug_class == "opioid" else None),
            **stated(dosage=dosages),
        }
        yield entry(case, f"analgesic {one.key}", resource)


def systemic_therapies(case: ExportedCase, subject: Entry, primary: Entry | None) -> Iterator[Entry]:
    """Each drug of each therapy that was given; drugs of one therapy are numbered behind its name."""
    for therapy in case.case.all(SystemicTherapy):
        if therapy.status != "given":
            continue
        drugs: list[tuple[str | None, Code | None]] = [
            (one.name, one.code) for one in therapy.components or ()
        ]
        for number, (name, code) in enumerate(drugs or [(therapy.regimen, None)], 1):
            ending = f"-{number}" if len(drugs) > 1 else ""
            resource = {
                "resourceType": "MedicationAdministration",
                "meta": profile("cancer-related-medication-administration"),
                "identifier": key(f"{therapy.therapy_id}{ending}"),
                "status": "completed" if therapy.last_dose_date else "in-progress",
                "medicationCodeableConcept": _drug(name or "systemic therapy", code),
                "subject": subject.reference,
                "effectivePeriod": period(therapy.c1d1, therapy.last_dose_date) or {"extension": [_UNKNOWN]},
                **stated(reasonReference=references([primary])),
            }
            yield entry(case, f"systemic therapy {therapy.therapy_id} {number}", resource)


_UNKNOWN = {
    "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
    "valueCode": "unknown",
}


def _drug(name: str, code: Code | None) -> Json:
    return coded(code, name) or concept(text=name)


def _route(one: Analgesic) -> Json | None:
    code = _ROUTE_CODES.get(one.route or "")
    return concept(coding(SCT, code), text=one.route) if code else None


def _scheduled(one: Analgesic) -> Json:
    """The scheduled dose: a rate as it is, an amount with its times a day."""
    dose: Json | None = None
    if one.dose_value is not None and one.dose_unit is not None:
        rate = "/" in one.dose_unit
        dose = {"rateQuantity" if rate else "doseQuantity": quantity(one.dose_value, one.dose_unit)}
    timing = None
    if one.frequency is not None and one.frequency >= _RAREST:
        timing = {"repeat": _repeat(one.frequency)}
    return stated(timing=timing, route=_route(one), doseAndRate=[dose] if dose else None)


def _repeat(times_a_day: float) -> Json:
    """``times_a_day`` as a whole number of times in a period of days."""
    if times_a_day == int(times_a_day):
        return {"frequency": int(times_a_day), "period": 1, "periodUnit": "d"}
    return {"frequency": 1, "period": round(24 / times_a_day, 4), "periodUnit": "h"}


def _rescue(one: Analgesic) -> Json:
    if one.rescue_dose is None or one.rescue_unit is None:
        return {}
    amount = {"doseQuantity": quantity(one.rescue_dose, one.rescue_unit)}
    return stated(asNeededBoolean=True, route=_route(one), doseAndRate=[amount])
