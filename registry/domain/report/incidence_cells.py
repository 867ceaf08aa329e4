"""The first event of treated patients, counted, and its cumulative incidence as cells for this audience."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from registry.domain.report.cells import number, text
from registry.domain.report.contributions import contributions
from registry.domain.report.document import Cell
from registry.domain.report.people import People
from registry.domain.report.survival_cells import (
    WHY_NOT,
    marks,
    probability_digits,
    rounded,
    too_few_for,
)
from registry.domain.report.times import Column, days, entries
from registry.domain.statistics.counting_arrays import MISSING, count_arrays, refusals
from registry.domain.statistics.day_incidence import incidence_at
from registry.domain.statistics.printable import interval, percent
from registry.domain.statistics.small_sample import DayVerdict
from registry.domain.statistics.tally import Tally

RESPONSE, DEATH, AGAIN = 1, 2, 3
NAMES = {RESPONSE: "Response", DEATH: "Death without response", AGAIN: "Irradiated again without response"}


def columns(people: People) -> tuple[Column, Column, Column]:
    """Entry, day and cause of the first event of treated patients, as `count_arrays` takes them.

    Days count from the start of treatment; the cause is one of ``NAMES``, or 0 for nothing until the last day.
    """
    irradiated = people.holds_for(lambda row: row.response_radiotherapy is not None)
    died = people.holds_for(lambda row: row.response is not None and row.response.competing_cause == "death")
    followed, responded, competed = (
        np.where(
            irradiated,
            days(people, f"response_radiotherapy.{name}"),
            days(people, f"response_systemic.{name}"),
        )
        for name in ("followed_to", "responder_day", "competing_day")
    )
    competes, responds = (competed != MISSING), (responded != MISSING)
    day = np.where(responds, responded, np.where(competes, competed, followed))
    cause = np.where(responds, RESPONSE, np.where(competes, np.where(died, DEATH, AGAIN), 0))
    unknown = followed == MISSING
    day[unknown] = cause[unknown] = MISSING
    return entries(people, "os_treatment"), day, cause


def counted(people: People) -> tuple[People, Tally]:
    """Those whose course can be counted, and their tally of three causes."""
    entry, leave, cause = columns(people)
    good = ~np.logical_or.reduce(
        [np.zeros(len(people), dtype=bool), *refusals(leave, cause, entry, 3).values()]
    )
    tally = count_arrays(leave[good], cause[good], entry[good], causes=3).tally
    return People(people.study, people.places[good]), tally


def by_cause(people: People) -> dict[int, People]:
    """Parts of those whose course can be counted."""
    return people.parted((0, *NAMES), columns(people)[2])


def watched(people: People, day: int) -> People:
    """Those still without any event on a day: entered before it and not gone before it."""
    entry, leave, _ = columns(people)
    inside = (entry < day) & (day <= np.maximum(leave, 0))
    return People(people.study, people.places[inside | ((day == 0) & (entry < 0))])


def incidence_cell(people: People, tally: Tally, cause: int, day: int) -> Cell:
    found = incidence_at(tally, cause, day)
    if found.value is None:
        return text(WHY_NOT.get(found.verdict, "–"))
    at_risk = watched(people, day)
    if too_few_for(people.study, at_risk):
        return text(WHY_NOT[DayVerdict.TOO_FEW])
    few = ", few at risk" if found.verdict is DayVerdict.FEW_AT_RISK else ""
    limits = interval(found.limits, tally.n).replace("-", "–")
    digits = probability_digits(people.study, tally.n)
    return Cell(
        f"{percent(found.value, tally.n)} ({limits}{few})",
        of=len(at_risk) if digits is None else None,
        value=rounded(found.value, digits),
        lo=rounded(found.limits.lower, digits),
        hi=rounded(found.limits.upper, digits),
        method="Aalen-Johansen, log-log 95 %",
        tells=marks(happened(people, cause, day)),
        rests_on=_known_by(people, day),
    )


def happened(people: People, cause: int, day: int) -> People:
    """Those in whom it happened first, by a day."""
    _, leave, first = columns(people)
    return People(people.study, people.places[(first == cause) & (leave <= day)])


def _known_by(people: People, day: int) -> bytes | None:
    """What the patients give to the incidences of a day: nothing that happens later counts."""
    entry, leave, cause = columns(people)
    return contributions(
        people, np.minimum(entry, day), np.minimum(leave, day), np.where(leave <= day, cause, 0)
    )


def told_incidence_days(people: People, grid: Iterable[int], causes: Iterable[int]) -> list[int]:
    """The days of a grid this audience may be told of: of each cause nobody or enough since the one before."""
    study, found, before = people.study, [0], dict.fromkeys(causes, 0)
    for day in sorted(day for day in grid if day):
        now = {cause: len(happened(people, cause, day)) for cause in before}
        few = any(0 < now[cause] - before[cause] < study.threshold for cause in before)
        if study.audience == "staff" or not few:
            found.append(day)
            before = now
    return found


def height_cell(people: People, tally: Tally, cause: int, day: int) -> Cell:
    """The height of a public curve on a day as a cell, so that it can be hidden."""
    return incidence_cell(people, tally, cause, day) if day else Cell("0 %", value=0.0)


def end_cell(people: People, tally: Tally, cause: int, day: int) -> Cell:
    found = incidence_cell(people, tally, cause, day)
    return replace(found, text=found.text.split(" (")[0])


def watched_cell(people: People, day: int) -> Cell:
    """How many are at risk; with the events by then it tells how many went unobserved, so these are told with it."""
    _, leave, cause = columns(people)
    gone = People(people.study, people.places[(cause == 0) & (leave < day)])
    return replace(number(watched(people, day)), tells=marks(gone))
