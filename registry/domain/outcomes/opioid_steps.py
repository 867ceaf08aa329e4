"""The steps of a patient's opioid dose: the days on which it changes, and what was taken before and after."""

from dataclasses import dataclass
from datetime import date

from registry.domain.case import Case
from registry.domain.forms.analgesic import Analgesic
from registry.domain.outcomes.opioid_regimen import Regimen, opioids
from registry.domain.outcomes.opioid_undated import regimens_by_time_point
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.remembered import remembered


@dataclass(frozen=True, slots=True)
class Step:
    """A change of the opioid dose.

    when    the day as YYYY-MM-DD, or the time point as a source without dates names it
    before  what was taken on the day before; None for a time point
    cause   a record that begins on this day or, if there is none, one that ended on the day before
    """

    when: str
    before: Regimen | None
    after: Regimen
    cause: Analgesic


@remembered
def each_alone(case: Case, basis: Basis) -> tuple[tuple[Analgesic, float], ...]:
    """Oral morphine in mg/d of each opioid record by itself; what cannot be converted is left out.

    Their sum is an upper bound of any day, so a case with little opioid needs no walk over its days.
    """
    table = basis.opioid_table
    singles = ((one.record, Regimen((one.dose,), (one.record,))) for one in opioids(case).taken)
    converted = ((record, single.by(table).components[0].mg) for record, single in singles)
    return tuple((record, mg) for record, mg in converted if mg is not None)


@remembered
def opioid_steps(case: Case, basis: Basis) -> tuple[Step, ...]:
    """The steps up to the cut-off in their order, then the named time points of a source without dates."""
    taken = opioids(case)
    causes: dict[int, Analgesic] = {}
    for one in taken.taken:
        if one.end is not None and not one.replaced:
            causes[one.end.day + 1] = one.record
    for one in taken.taken:
        if one.start is not None:
            causes[one.start.day] = one.record
    steps = []
    for day in sorted(causes):
        if day <= basis.cutoff.toordinal() + 1:
            when = date.fromordinal(day).isoformat()
            steps.append(Step(when, taken.on(day - 1), taken.on(day), causes[day]))
    for name, regimen in regimens_by_time_point(case).items():
        if regimen.records:
            steps.append(Step(name, None, regimen, regimen.records[0]))
    return tuple(steps)


def arithmetic(regimen: Regimen, table: str) -> str:
    """How the dose of a day comes about: ``oxycodone 60 mg/d = 90, fentanyl 25 ug/h = 60``."""
    parts = []
    for part in regimen.by(table).components:
        dose = part.dose
        amount = "?" if dose.amount_per_day is None else f"{dose.amount_per_day:g}"
        unit = dose.unit if "/" in dose.unit else f"{dose.unit}/d"
        rescue = (
            f" with {dose.rescue_taken_24h:g} x {dose.rescue_dose:g} {dose.rescue_unit or ''}".rstrip()
            if dose.rescue_dose is not None and dose.rescue_taken_24h
            else ""
        )
        morphine = "?" if part.mg is None else f"{part.mg:g}"
        parts.append(f"{dose.inn} {amount} {unit}{rescue} = {morphine}")
    return ", ".join(parts) or "none"
