"""The cumulative incidence of what happened first to treated patients, as cells for this audience."""

from collections.abc import Iterable
from dataclasses import replace

from registry.domain.report.cells import number, rounded, text
from registry.domain.report.courses import Courses
from registry.domain.report.document import Cell
from registry.domain.report.survival_cells import (
    WHY_NOT,
    marks,
    probability_digits,
    too_few_for,
)
from registry.domain.statistics.day_incidence import incidence_at
from registry.domain.statistics.printable import interval, percent
from registry.domain.statistics.small_sample import DayVerdict


def incidence_cell(found: Courses, cause: int, day: int) -> Cell:
    people, tally = found.people, found.tally
    incidence = incidence_at(tally, cause, day)
    if incidence.value is None:
        return text(WHY_NOT.get(incidence.verdict, "–"))
    at_risk = found.watched(day)
    if too_few_for(people.study, at_risk):
        return text(WHY_NOT[DayVerdict.TOO_FEW])
    few = ", few at risk" if incidence.verdict is DayVerdict.FEW_AT_RISK else ""
    limits = interval(incidence.limits, tally.n).replace("-", "–")
    digits = probability_digits(people.study, tally.n)
    return Cell(
        f"{percent(incidence.value, tally.n)} ({limits}{few})",
        of=len(at_risk) if digits is None else None,
        value=rounded(incidence.value, digits),
        lo=rounded(incidence.limits.lower, digits),
        hi=rounded(incidence.limits.upper, digits),
        method="Aalen-Johansen, log-log 95 %",
        tells=marks(found.happened(cause, day)),
        rests_on=found.known_by(day),
    )


def told_incidence_days(found: Courses, grid: Iterable[int], causes: Iterable[int]) -> list[int]:
    """The days of a grid this audience may be told of: of each cause nobody or enough since the one before."""
    study, told, before = found.people.study, [0], dict.fromkeys(causes, 0)
    for day in sorted(day for day in grid if day):
        now = {cause: len(found.happened(cause, day)) for cause in before}
        few = any(0 < now[cause] - before[cause] < study.threshold for cause in before)
        if study.audience == "staff" or not few:
            told.append(day)
            before = now
    return told


def height_cell(found: Courses, cause: int, day: int) -> Cell:
    """The height of a public curve on a day as a cell, so that it can be hidden."""
    return incidence_cell(found, cause, day) if day else Cell("0 %", value=0.0)


def end_cell(found: Courses, cause: int, day: int) -> Cell:
    cell = incidence_cell(found, cause, day)
    return replace(cell, text=cell.text.split(" (")[0])


def watched_cell(found: Courses, day: int) -> Cell:
    """How many are at risk; with the events by then it tells how many went unobserved, so these are told with it."""
    return replace(number(found.watched(day)), tells=marks(found.gone_by(day)))
