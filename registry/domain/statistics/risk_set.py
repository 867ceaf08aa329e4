"""Who is at risk: on a day, at least over a stretch of days, and in the table under a curve.

A person is at risk on a day when entry < day <= exit; on the start day all who are observed from it.
"""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from registry.domain.statistics.tally import Tally


class RiskSet:
    """The number at risk as a function of the day, for many questions about one tally."""

    def __init__(self, tally: Tally) -> None:
        self.first = tally.start if tally.n0 else tally.start + 1
        """The first day on which anybody can be at risk."""
        self._days = [row.day for row in tally.days]
        self._sizes = list(accumulate((row.entries - row.exits for row in tally.days), initial=tally.n0))

    def on(self, day: int) -> int:
        """Number at risk on a day."""
        return self._sizes[bisect_left(self._days, day)]

    def least(self, until: int) -> int:
        """The least number at risk on any day from the start up to and including `until`.

        An estimate rests on the smallest risk set it passed through, not on the last one: with late entry a
        curve can come through a bottleneck and look well supported afterwards.
        """
        last = max(until, self.first)
        return min(self._sizes[bisect_left(self._days, self.first) : bisect_left(self._days, last) + 1])

    def last_day_with(self, people: int) -> int | None:
        """The last day up to which at least `people` (1 or more) were at risk all along; None when never.

        A curve is drawn as solid line with its band up to here.
        """
        if people < 1:
            raise ValueError("at least one person is at risk or the question has no answer")
        begin = bisect_left(self._days, self.first)
        below = next(i for i in range(begin, len(self._sizes)) if self._sizes[i] < people)
        return None if below == begin else self._days[below - 1]


class RiskRow(NamedTuple):
    """One column of the table under a curve: at risk on a day, events and censored before or on it."""

    day: int
    at_risk: int
    events: int
    censored: int


def risk_table(tally: Tally, days: Iterable[int]) -> tuple[RiskRow, ...]:
    """At risk, events so far and censored so far on each of `days`.

    The layout of the KMunicate study (Morris et al., BMJ Open 2019;9:e030215). The number at risk counts those
    who leave on the day itself, so at risk + events + censored exceeds the people by the exits of that day.
    """
    risk = RiskSet(tally)
    rows = []
    for day in days:
        past = [row for row in tally.days if row.day <= day]
        events = sum(sum(row.events) for row in past)
        rows.append(RiskRow(day, risk.on(day), events, sum(row.censored for row in past)))
    return tuple(rows)
