"""Estimates of survival as cells: what may be said of a group of this size, for this audience."""

from registry.domain.dates import months
from registry.domain.report.cells import text
from registry.domain.report.document import Cell, Study
from registry.domain.report.people import People
from registry.domain.report.times import Origin, Times, days, entries
from registry.domain.statistics.day_survival import survival_at
from registry.domain.statistics.median_survival import median_survival
from registry.domain.statistics.printable import interval, percent
from registry.domain.statistics.small_sample import DayVerdict, size_rule
from registry.domain.statistics.tally import Tally

WHY_NOT = {
    None: "too few patients",
    DayVerdict.TOO_FEW: "too few at risk",
    DayVerdict.ENDED_ALIVE: "follow-up is shorter",
    DayVerdict.ENDED_BY_EVENT: "nobody left at risk",
}


def survival_cell(times: Times, origin: Origin, tally: Tally, day: int, *, delayed: bool = True) -> Cell:
    """Survival on a day: "34 % (21–48 %)", or why there is none; its denominator is the number at risk."""
    found = survival_at(tally, day)
    if found.value is None:
        return text(WHY_NOT.get(found.verdict, "–"))
    at_risk = at_risk_on(times.people, origin, day, delayed=delayed)
    few = ", few at risk" if found.verdict is DayVerdict.FEW_AT_RISK else ""
    return Cell(
        f"{percent(found.value, tally.n)} ({interval(found.limits, tally.n).replace('-', '–')}{few})",
        of=len(at_risk),
        value=found.value,
        lo=found.limits.lower,
        hi=found.limits.upper,
        method=f"Kaplan-Meier, {found.method} 95 %",
        of_who=at_risk.mark,
    )


def at_risk_on(people: People, origin: Origin, day: int, *, delayed: bool = True) -> People:
    """Those under observation on a day: entered before it and not gone before it."""
    entered, left = entries(people, origin, delayed=delayed), days(people, f"{origin}.exit")
    return People(people.study, people.places[(entered < day) & (day <= left)])


def median_cell(times: Times, tally: Tally) -> Cell:
    """Median survival in months with its interval, or why there is none."""
    found = median_survival(tally)
    if found.median is None:
        return text("too few patients" if not size_rule(tally.n).median else "too few at risk")
    day, lower, upper = found.median
    bounds = f"({'not defined' if lower is None else _months(lower)}–{_months(upper)})"
    return Cell(
        f"{_months(day)} {bounds}" if day is not None else f"not reached {bounds}",
        of=len(times.people),
        value=day,
        lo=lower,
        hi=upper,
        method=f"Kaplan-Meier median in days, limits by inverting {found.method} limits",
        of_who=times.people.mark,
    )


def follow_up_cell(times: Times, tally: Tally) -> Cell:
    """Median follow-up in months by reversed Kaplan-Meier."""
    watched = median_survival(tally).follow_up
    if watched is None or not size_rule(tally.n).median:
        return text("–")
    return Cell(
        _months(watched),
        of=len(times.people),
        value=watched,
        method="reversed Kaplan-Meier median in days",
        of_who=times.people.mark,
    )


def least_at_risk(study: Study, patients: int) -> int | None:
    """A curve is drawn while this many are at risk; None is no curve."""
    rule = size_rule(patients).curve_until_at_risk
    if rule is None:
        return None
    public = study.threshold if study.audience == "public" else 0
    return max(rule, -(-patients // 10), public)


def _months(days: float | None) -> str:
    return "not reached" if days is None else f"{months(days):.1f}"
