"""Opioids of a published case: what was taken at a named time point, where the source gives no dates.

Registry decisions: the drugs under one name of a time point were taken together; a rescue opioid that is
open stays prescribed beside later doses of the same drug, with an unknown count; a dose that is said to have
been stopped after the treatment began was in force when it began, one dose of each drug, route and form.
"""

from registry.domain.case import Case
from registry.domain.forms.analgesic import Analgesic
from registry.domain.forms.time import Offset
from registry.domain.outcomes.omedd import OpioidDose
from registry.domain.outcomes.opioid_regimen import Regimen, is_opioid, opioid_dose

UNDATED = Regimen((), (), ("opioid_undated",), known=False)

_STATED = frozenset({"about", "at_least", "more_than"})


def undated_opioids(case: Case) -> tuple[Analgesic, ...]:
    """Opioid records without a date that name a time point or an offset."""
    return tuple(
        record
        for record in case.all(Analgesic)
        if record.start is None and (record.time_point or record.at is not None) and is_opioid(record)
    )


def regimens_by_time_point(case: Case) -> dict[str, Regimen]:
    """The opioids taken together, by the name of the time point, in the order of the names."""
    found = undated_opioids(case)
    groups: dict[str, list[Analgesic]] = {}
    for record in found:
        groups.setdefault(record.time_point or str(record.at), []).append(record)
    return {
        name: _regimen([*group, *_rescue_still_open(group, found)]) for name, group in sorted(groups.items())
    }


def before_treatment(case: Case) -> Regimen:
    """The opioids in force when the treatment began; unknown where the source does not let them be told."""
    stopped = [
        record
        for record in undated_opioids(case)
        if (end := _stop(record)) is not None and end.days > 0 and end.relation in _STATED
    ]
    return _regimen([*stopped, *_rescue_still_open(stopped, undated_opioids(case))]) if stopped else UNDATED


def after_start(case: Case, days: float) -> Regimen:
    """The opioids a stated number of days after the start: none if all were stopped by then, else unknown."""
    records = undated_opioids(case)
    if records and all((end := _stop(record)) is not None and end.days <= days for record in records):
        return Regimen((), records)
    return UNDATED


def _stop(record: Analgesic) -> Offset | None:
    """When the dose was stopped, where that is counted from the start of the treatment."""
    return record.end_at if record.end_at is not None and record.end_at.origin == "treatment_start" else None


def _regimen(records: list[Analgesic]) -> Regimen:
    return Regimen(tuple(opioid_dose(record) for record in records), tuple(records))


def _rescue_still_open(group: list[Analgesic], records: tuple[Analgesic, ...]) -> list[Analgesic]:
    """Rescue prescriptions of other time points for drugs of this one, unless it has its own."""
    doses = [opioid_dose(record) for record in group]
    if any(dose.rescue_prescribed for dose in doses):
        return []
    drugs = {(dose.inn, dose.route) for dose in doses}
    return [
        record
        for record in records
        if record not in group
        and record.end_at is None
        and _on_demand(dose := opioid_dose(record))
        and (dose.inn, dose.route) in drugs
    ]


def _on_demand(dose: OpioidDose) -> bool:
    return dose.rescue_prescribed and dose.amount_per_day == 0
