"""Estimates of survival as cells: what may be said of a group of this size, for this audience."""

from collections.abc import Iterable
from dataclasses import replace

from registry.domain.dates import months
from registry.domain.report.cells import number, rounded, text
from registry.domain.report.document import Cell, Study
from registry.domain.report.people import People
from registry.domain.report.times import Times
from registry.domain.statistics.day_survival import survival_at
from registry.domain.statistics.median_survival import median_survival
from registry.domain.statistics.printable import interval, percent
from registry.domain.statistics.small_sample import DayVerdict, size_rule
from registry.domain.statistics.tally import Tally

WEEK = 7
FOR_EVER = 1 << 31
WHOLE_PERCENT = 100
"""Fewer patients than this are told of in whole percent."""

WHY_NOT = {
    None: "too few patients",
    DayVerdict.TOO_FEW: "too few at risk",
    DayVerdict.ENDED_ALIVE: "follow-up is shorter",
    DayVerdict.ENDED_BY_EVENT: "nobody left at risk",
}


def survival_cell(times: Times, tally: Tally, day: int) -> Cell:
    """Survival on a day: "34 % (21–48 %)", or why there is none; its denominator is the number at risk.

    Who knows it and how many there were knows about how many died by then: these are told with it. To the public the
    number at risk is told in the figure alone.
    """
    found = survival_at(tally, day)
    if found.value is None:
        return text(WHY_NOT.get(found.verdict, "–"))
    at_risk, died = times.at_risk_on(day), times.died_by(day, tally.start)
    if too_few_for(times.people.study, at_risk):
        return text(WHY_NOT[DayVerdict.TOO_FEW])
    few = ", few at risk" if found.verdict is DayVerdict.FEW_AT_RISK else ""
    digits = probability_digits(times.people.study, tally.n)
    return Cell(
        f"{percent(found.value, tally.n)} ({interval(found.limits, tally.n).replace('-', '–')}{few})",
        of=len(at_risk) if digits is None else None,
        value=rounded(found.value, digits),
        lo=rounded(found.limits.lower, digits),
        hi=rounded(found.limits.upper, digits),
        method=f"Kaplan-Meier, {found.method} 95 %",
        tells=marks(died),
        rests_on=times.known_by(day),
    )


def told_days(times: Times, start: int, grid: Iterable[int]) -> list[int]:
    """The days of a grid on which this audience may be told of survival: nobody or enough died since the one before."""
    study, found, before = times.people.study, list[int](), 0
    for day in sorted(grid):
        died = len(times.died_by(day, start))
        if study.audience == "staff" or died == before or died - before >= study.threshold:
            found.append(day)
            before = died
    return found


def at_risk_cell(times: Times, day: int) -> Cell:
    """The number at risk; with the deaths by then it tells how many went unobserved, so these are told with it."""
    return replace(number(times.at_risk_on(day)), tells=marks(times.unobserved_by(day)))


def too_few_for(study: Study, at_risk: People) -> bool:
    """Whether so few are at risk that the public is not told of a day."""
    return study.audience == "public" and len(at_risk) < study.threshold


def probability_digits(study: Study, patients: int) -> int | None:
    """Decimals of a probability for this audience: to the public no more than is printed (see ``percent``).

    With all its digits an estimate of a few deaths is a fraction that tells them.
    """
    if study.audience == "staff":
        return None
    return 2 if patients < WHOLE_PERCENT else 3


def marks(*groups: People) -> tuple[int, ...]:
    """The marks of groups a figure tells of, where anything will be hidden."""
    return tuple(mark for mark in (group.mark for group in groups) if mark)


def median_cell(times: Times, tally: Tally) -> Cell:
    """Median survival in months with its interval, or why there is none. To the public in whole weeks."""
    found = median_survival(tally)
    if found.median is None:
        return text("too few patients" if not size_rule(tally.n).median else "too few at risk")
    day, lower, upper = (_for(times.people.study, one) for one in found.median)
    bounds = f"({'not defined' if lower is None else _months(lower)}–{_months(upper)})"
    return Cell(
        f"{_months(day)} {bounds}" if day is not None else f"not reached {bounds}",
        of=len(times.people),
        value=day,
        lo=lower,
        hi=upper,
        method=f"Kaplan-Meier median in days, limits by inverting {found.method} limits",
        of_who=times.people.mark,
        rests_on=times.known_by(FOR_EVER),
    )


def follow_up_cell(times: Times, tally: Tally) -> Cell:
    """Median follow-up in months by reversed Kaplan-Meier. To the public in whole weeks."""
    watched = _for(times.people.study, median_survival(tally).follow_up)
    if watched is None or not size_rule(tally.n).median:
        return text("–")
    return Cell(
        _months(watched),
        of=len(times.people),
        value=watched,
        method="reversed Kaplan-Meier median in days",
        of_who=times.people.mark,
        rests_on=times.known_by(FOR_EVER),
    )


def _for(study: Study, day: float | None) -> float | None:
    return day if day is None or study.audience == "staff" else round(day / WEEK) * WEEK


def least_at_risk(study: Study, patients: int) -> int | None:
    """A curve is drawn while this many are at risk; None is no curve."""
    rule = size_rule(patients).curve_until_at_risk
    if rule is None:
        return None
    public = study.threshold if study.audience == "public" else 0
    return max(rule, -(-patients // 10), public)


def _months(days: float | None) -> str:
    return "not reached" if days is None else f"{months(days):.1f}"
