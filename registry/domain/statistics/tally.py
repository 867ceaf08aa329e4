"""The tally: a group's survival data as counts per whole day.

Kaplan-Meier, Aalen-Johansen, log-rank and everything built on them need nothing of a person but the day of
entry, the day of exit and the cause of exit, so one row per distinct day is the complete statistic. Counts are
integers: they add exactly, hence parts merge in any order to the same bits.

Conventions (those of R's survival package, `survfit` and `Surv(entry, exit, event)`):

* time is whole days from the origin; nothing is known of hours, so events of one day are tied;
* a person is at risk on a day when entry < day <= exit;
* exits of one day: those censored that day count as at risk for that day's events;
* people observed from the origin have no entry day (they are `n0`) and may leave on day 0;
* people who enter late are at risk from the day after their entry.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self


class DayCount(NamedTuple):
    """What happened on one day."""

    day: int
    entries: int
    events: tuple[int, ...]
    """Exits by cause 1, 2, ..., k."""
    censored: int

    @property
    def exits(self) -> int:
        """All who left on this day, whatever the reason."""
        return sum(self.events) + self.censored


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts per day of one group, in order of days, days without a count left out.

    `n0` people are observed from `start` on. `start` is 0, the origin, unless the tally was conditioned with
    `given_alive_at`. Two tallies of the same people are equal, however they were put together.

    Raises ValueError when the counts contradict each other: such counts come from broken machinery, not from
    bad clinical data (which `counting` refuses row by row).
    """

    n0: int
    days: tuple[DayCount, ...] = ()
    causes: int = 1
    start: int = 0

    def __post_init__(self) -> None:
        if self.n0 < 0 or self.causes < 1 or self.start < 0:
            raise ValueError(f"impossible tally: n0={self.n0}, causes={self.causes}, start={self.start}")
        before = (
            self.start if self.start else -1
        )  # from the origin day 0 counts, after a start day it does not
        at_risk = self.n0
        for row in self.days:
            if row.day <= before:
                raise ValueError(f"day {row.day} is not after day {before}")
            if len(row.events) != self.causes:
                raise ValueError(f"day {row.day} has {len(row.events)} causes of exit, not {self.causes}")
            if min(row.entries, row.censored, *row.events) < 0:
                raise ValueError(f"day {row.day} has a negative count")
            if row.exits == row.entries == 0:
                raise ValueError(f"day {row.day} has no count at all")
            if row.exits > at_risk:
                raise ValueError(f"{row.exits} left on day {row.day} with {at_risk} at risk")
            at_risk += row.entries - row.exits
            before = row.day
        if at_risk:
            raise ValueError(f"{at_risk} entered and never left")

    @classmethod
    def of(cls, n0: int, counts: Iterable[DayCount], causes: int = 1, start: int = 0) -> Self:
        """Put counts in order: days may repeat, come in any order, and be all zero (as SQL may return them)."""
        sums: dict[int, list[int]] = {}
        for day, entries, events, censored in counts:
            total = sums.setdefault(day, [0] * (causes + 2))
            for position, count in enumerate((entries, censored, *events)):
                total[position] += count
        rows = (DayCount(day, t[0], tuple(t[2:]), t[1]) for day, t in sorted(sums.items()) if any(t))
        return cls(n0, tuple(rows), causes, start)

    def __add__(self, other: Self) -> Self:
        """The two groups together; the tallies must agree in causes and start."""
        if (self.causes, self.start) != (other.causes, other.start):
            raise ValueError("tallies with different causes or start days do not add")
        return self.of(self.n0 + other.n0, (*self.days, *other.days), self.causes, self.start)

    @classmethod
    def merged(cls, parts: Iterable[Self], causes: int = 1, start: int = 0) -> Self:
        """All parts together, in one pass; the empty tally when there is none."""
        known = list(parts) or [cls(0, (), causes, start)]
        if len({(part.causes, part.start) for part in known}) > 1:
            raise ValueError("tallies with different causes or start days do not add")
        rows = (row for part in known for row in part.days)
        return cls.of(sum(part.n0 for part in known), rows, known[0].causes, known[0].start)

    @property
    def n(self) -> int:
        """People in the tally."""
        return self.n0 + sum(row.entries for row in self.days)

    @property
    def events(self) -> tuple[int, ...]:
        """Exits by cause over all days."""
        return tuple(sum(row.events[k] for row in self.days) for k in range(self.causes))

    @property
    def censored(self) -> int:
        """People censored over all days."""
        return sum(row.censored for row in self.days)

    @property
    def delayed(self) -> bool:
        """Whether anybody entered after the start."""
        return any(row.entries for row in self.days)

    @property
    def last_day(self) -> int | None:
        """The last day on which anybody left; None for nobody."""
        return self.days[-1].day if self.days else None

    @property
    def person_days(self) -> int:
        """Days lived under observation, summed over people."""
        return sum(row.day * (row.exits - row.entries) for row in self.days) - self.start * self.n0

    def risk_sets(self) -> Iterator[tuple[DayCount, int]]:
        """Each day on which somebody left, with the number at risk on it."""
        at_risk = self.n0
        for row in self.days:
            if row.exits:
                yield row, at_risk
            at_risk += row.entries - row.exits

    def only(self, cause: int) -> Self:
        """Exits of `cause` (1 to k) as the one event, all other exits as censored."""
        if not 1 <= cause <= self.causes:
            raise ValueError(f"no cause {cause} among {self.causes}")
        rows = (
            row._replace(events=(row.events[cause - 1],), censored=row.exits - row.events[cause - 1])
            for row in self.days
        )
        return type(self)(self.n0, tuple(rows), 1, self.start)

    def reversed(self) -> Self:
        """Censoring as the one event, events as censored: for the time people were watched."""
        rows = (row._replace(events=(row.censored,), censored=sum(row.events)) for row in self.days)
        return type(self)(self.n0, tuple(rows), 1, self.start)

    def given_alive_at(self, day: int) -> Self:
        """The same people from `day` on, given that they were still under observation after it.

        Exits up to and including `day` are left out; who entered by then is observed from `day`; days keep
        counting from the origin. The start of the tally itself conditions nothing and gives the tally back.
        """
        if day == self.start:
            return self
        if day < self.start:
            raise ValueError(f"conditioned on day {self.start} already, which is later than day {day}")
        kept = self.n0 + sum(row.entries - row.exits for row in self.days if row.day <= day)
        rows = tuple(row for row in self.days if row.day > day)
        return type(self)(kept, rows, self.causes, day)
