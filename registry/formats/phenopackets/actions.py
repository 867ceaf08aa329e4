"""What was done: radiotherapy by volume, drugs, operations, interventions."""

from collections.abc import Iterator

from registry.domain.codes.code import Code
from registry.domain.codes.drugs import drug
from registry.domain.dates import PartialDate
from registry.domain.forms.analgesic import Analgesic
from registry.domain.forms.intervention import Intervention
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.forms.surgery import Surgery
from registry.domain.forms.systemic_therapy import SystemicTherapy
from registry.errors import WrongUsage
from registry.formats.exported import About, ExportedCase
from registry.formats.fhir.terms import INTENTS, MODALITIES, ROUTES
from registry.formats.phenopackets.terms import Json, at, coded, interval, own, snomed, stated, term

_RADIOTHERAPY = "108290001"
_ILIOPSOAS = "68455001"
_EVERY = {
    1.0: ("NCIT:C125004", "Once Daily"),
    2.0: ("NCIT:C64496", "Twice Daily"),
    3.0: ("NCIT:C64527", "Three Times Daily"),
    4.0: ("NCIT:C64530", "Four Times Daily"),
}
_INTENT_CODES = {name: code for code, name in INTENTS.items()}
_MODALITY_CODES = {name: code for code, name in MODALITIES.items()}
_ROUTE_CODES = {name: code for code, name in ROUTES.items()}


def actions(case: ExportedCase, about: About, rounded: list[str]) -> Iterator[Json]:
    """Everything that was done; ``rounded`` gathers what was rounded, in words. Raises ``WrongUsage`` for a dose."""
    for course in case.case.all(Radiotherapy):
        if course.completed != "not_started":
            yield _course(case, course, about, rounded)
    for one in case.case.all(Analgesic):
        yield {"treatment": _analgesic(one, case, about)}
    for therapy in case.case.all(SystemicTherapy):
        if therapy.status == "given":
            drugs: list[tuple[str | None, Code | None]] = [
                (part.name, part.code) for part in therapy.components or ()
            ]
            for name, code in drugs or [(therapy.regimen, None)]:
                yield stated(
                    treatment={"agent": _agent(name or "systemic therapy", code)},
                    treatmentIntent=_intent(therapy.intent),
                )
    for operation in case.case.all(Surgery):
        what = coded(operation.procedure_code, operation.procedure) or own(operation.procedure or "operation")
        yield stated(
            procedure=stated(code=what, performed=at(operation.date)),
            treatmentIntent=_intent(operation.intent),
        )
    for done in case.case.all(Intervention):
        name = (done.type or "intervention").replace("_", " ")
        yield {"procedure": stated(code=own(name), performed=at(done.date))}


def _course(case: ExportedCase, course: Radiotherapy, about: About, rounded: list[str]) -> Json:
    """A course with its dose; one without dose, fractions or site is a procedure: nothing is invented for it."""
    site = _site(course)
    intent = _intent(course.intent)
    if course.delivered_dose_gy is None or course.delivered_fractions is None or site is None:
        procedure = stated(
            code=term("NCIT:C15313", "Radiation Therapy"), bodySite=site, performed=at(course.start)
        )
        return stated(procedure=procedure, treatmentIntent=intent)
    code = _MODALITY_CODES.get(course.modality or "", _RADIOTHERAPY)
    return stated(
        radiationTherapy={
            "modality": snomed(code),
            "bodySite": site,
            "dosage": _whole_gray(case, course, course.delivered_dose_gy, about, rounded),
            "fractions": course.delivered_fractions,
        },
        treatmentIntent=intent,
    )


def _whole_gray(
    case: ExportedCase, course: Radiotherapy, dose: float, about: About, rounded: list[str]
) -> int:
    whole = int(dose + 0.5)
    if whole != dose:
        if not about.round_doses:
            raise WrongUsage(
                f"{case.registry_id}, course {course.rt_id}: {dose:g} Gy is no whole number, and a phenopacket holds "
                "whole Gy only; export again with --round-doses, which rounds it and says so in the packet"
            )
        rounded.append(f"dosage of course {course.rt_id} rounded from {dose:g} Gy to {whole} Gy")
    return whole


def _site(course: Radiotherapy) -> Json | None:
    target = course.target_volume
    if target is not None and (site := coded(target.body_site)):
        return site
    if course.indication == "mps_index_pain":
        return snomed(_ILIOPSOAS)
    return own(target.name) if target is not None and target.name else None


def _analgesic(one: Analgesic, case: ExportedCase, about: About) -> Json:
    route = _ROUTE_CODES.get(one.route or "")
    return stated(
        agent=_agent(one.drug_name, one.drug),
        routeOfAdministration=term(f"SNOMEDCT:{route}", one.route or route) if route else None,
        doseIntervals=list(_doses(one, case, about)),
        drugType="PRESCRIPTION",
    )


def _doses(one: Analgesic, case: ExportedCase, about: About) -> Iterator[Json]:
    """The dose with its frequency over its interval, where a packet can say all three."""
    every = _EVERY.get(one.frequency or 0.0)
    if one.dose_value is None or one.dose_unit is None or every is None or one.start is None:
        return
    unit = term(f"UCUM:{one.dose_unit}", one.dose_unit)
    yield {
        "quantity": {"unit": unit, "value": float(one.dose_value)},
        "scheduleFrequency": term(*every),
        "interval": interval(one.start, one.end or _last(case, one.start, about)),
    }


def _last(case: ExportedCase, start: PartialDate, about: About) -> PartialDate:
    """Until when a dose that goes on is known: the end of observation, at most the cut-off, and not before its start."""
    row = case.value("OSONS")
    end = (row["value"] or {}).get("end") if row else None
    last = PartialDate.parse(end) if end else PartialDate.of(about.cutoff)
    return last if last.hi >= start.lo else start


def _agent(name: str, code: Code | None) -> Json:
    known = drug(name)
    by_name = term(f"ATC:{known.atc}", name) if known and known.atc else own(name)
    return coded(code, name) or by_name


def _intent(intent: str | None) -> Json | None:
    code = _INTENT_CODES.get(intent or "")
    return snomed(code) if code else None
