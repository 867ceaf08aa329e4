"""Survival times of a group, counted, and everybody whose time does not count, with the reason."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from registry.domain.analysis import AnalysisRow, SurvivalRow
from registry.domain.report.contributions import contributions
from registry.domain.report.people import People
from registry.domain.report.plan import DISPUTED, WIDE_BOUNDS
from registry.domain.statistics.counting_arrays import (
    FROM_ORIGIN,
    MISSING,
    NOT_WHOLE,
    count_arrays,
    refusals,
)
from registry.domain.statistics.tally import Tally

Origin = Literal["os_onset", "os_diagnosis", "os_treatment"]
Ends = Literal["exit", "exit_lo", "exit_hi"]
Column = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Times:
    """Who is counted, their tally, and who is left out by reason (codes of ``words.WITHOUT_TIME``).

    entered, left, event  of those who are counted, as `count_arrays` takes them (n,)
    """

    people: People
    tally: Tally
    left_out: Mapping[Hashable, People]
    origin: Origin
    entered: Column
    left: Column
    event: Column

    def at_risk_on(self, day: int) -> People:
        """Those under observation on a day: entered before it and not gone before it."""
        return self.people.those((self.entered < day) & (day <= self.left))

    def died_by(self, day: int, start: int = 0) -> People:
        """Those who died after the start (or on day 0) and not after the day."""
        return self.people.those(
            (self.event == 1) & ((start < self.left) | (start == 0)) & (self.left <= day)
        )

    def unobserved_by(self, day: int) -> People:
        """Those whose observation ended before a day without a death."""
        return self.people.those((self.event == 0) & (self.left < day))

    def known_by(self, day: int) -> bytes | None:
        """What the patients give to an estimate of a day: nothing that happens later counts."""
        seen, event = np.minimum(self.left, day), np.where(self.left <= day, self.event, 0)
        return contributions(self.people, np.minimum(self.entered, day), seen, event)


def times(
    people: People,
    origin: Origin,
    *,
    delayed: bool = True,
    set_aside: frozenset[str] = frozenset({WIDE_BOUNDS, DISPUTED}),
    ends: Ends = "exit",
) -> Times:
    """The times from an origin.

    delayed    count each patient from the day of enrolment; False is the naive reading, for comparison only
    set_aside  flags of times that are left out
    ends       ``exit_lo`` and ``exit_hi`` read every partial date as early or as late as it may be
    """
    parts = people.split(lambda row: _reason(getattr(row, origin), set_aside))
    timed = parts.pop(None, People(people.study, ()))
    entry, leave = entries(timed, origin, delayed=delayed), days(timed, f"{origin}.{ends}")
    event, good = days(timed, f"{origin}.event"), np.ones(len(timed), dtype=bool)
    for refusal, refused in refusals(leave, event, entry).items():
        parts[refusal] = timed.those(refused)
        good &= ~refused
    if not good.all():
        kept = np.flatnonzero(good)
        timed = People(people.study, timed.places[kept])
        entry, leave, event = entry[kept], leave[kept], event[kept]
    tally = count_arrays(leave, event, entry).tally
    left_out = {key: parts[key] for key in sorted(parts, key=str)}
    return Times(timed, tally, left_out, origin, entry, leave, event)


def days(people: People, path: str) -> Column:
    """Whole days or causes of the patients, at a path of the row, as `count_arrays` takes them."""
    return people.cohort.integers(path, people.places, missing=MISSING, unfit=NOT_WHOLE)


def entries(people: People, origin: Origin, *, delayed: bool = True) -> Column:
    """Day of entry of the patients, `FROM_ORIGIN` for those observed from the origin."""
    if not delayed:
        return np.full(len(people), FROM_ORIGIN)
    entry = days(people, f"{origin}.entry")
    entry[(entry < 0) & (entry > NOT_WHOLE)] = (
        FROM_ORIGIN - 1
    )  # any day before the origin is as wrong as another
    entry[entry == MISSING] = FROM_ORIGIN
    return entry


def dead(row: AnalysisRow, origin: Origin) -> bool:
    """Whether the time from this origin ends with death."""
    time: SurvivalRow = getattr(row, origin)
    return time.event == 1


def _reason(time: SurvivalRow, set_aside: frozenset[str]) -> Hashable:
    if time.reason is not None:
        return time.reason
    return min(set_aside.intersection(time.flags), default=None)
