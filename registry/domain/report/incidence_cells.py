"""The first event of treated patients, counted, and its cumulative incidence as cells for this audience."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class Courses:
    """The first events of treated patients: entry, day and cause as `count_arrays` takes them (n,), and their tally.

    Days count from the start of treatment; the cause is one of ``NAMES``, or 0 for nothing until the last day.
    """

    people: People
    entered: Column
    left: Column
    cause: Column
    tally: Tally

    def by_cause(self) -> dict[int, People]:
        """Parts by what happened first, 0 for nothing."""
        return self.people.parted((0, *NAMES), self.cause)

    def watched(self, day: int) -> People:
        """Those still without any event on a day: entered before it and not gone before it."""
        inside = (self.entered < day) & (day <= np.maximum(self.left, 0))
        return self.people.those(inside | ((day == 0) & (self.entered < 0)))

    def happened(self, cause: int, day: int) -> People:
        """Those in whom it happened first, by a day."""
        return self.people.those((self.cause == cause) & (self.left <= day))

    def gone_by(self, day: int) -> People:
        """Those whose observation ended before a day without any event."""
        return self.people.those((self.cause == 0) & (self.left < day))

    def known_by(self, day: int) -> bytes | None:
        """What the patients give to the incidences of a day: nothing that happens later counts."""
        seen, cause = np.minimum(self.left, day), np.where(self.left <= day, self.cause, 0)
        return contributions(self.people, np.minimum(self.entered, day), seen, cause)


def courses(people: People) -> Courses:
    """The courses of those of the treated patients that can be counted."""
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
    entry = entries(people, "os_treatment")
    refused = np.logical_or.reduce(
        [np.zeros(len(people), dtype=bool), *refusals(day, cause, entry, 3).values()]
    )
    good = np.flatnonzero(~refused)
    entry, day, cause = entry[good], day[good], cause[good]
    tally = count_arrays(day, cause, entry, causes=3).tally
    return Courses(People(people.study, people.places[good]), entry, day, cause, tally)


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
