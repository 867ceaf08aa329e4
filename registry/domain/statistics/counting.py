"""From people's rows to a tally; rows that can not be counted are refused, with the number for each reason.

Software for survival analysis drops or accepts such rows in silence (a missing day as a death, an entry equal to
the exit as time at risk); here a report can print how many were left out and why.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from registry.domain.statistics.tally import DayCount, Tally

Row = tuple[int | None, int | None, int | None]
"""Entry day (None: observed from the origin), exit day, cause of exit (0 censored, 1 to k)."""


class Refusal(StrEnum):
    """Why a row was not counted; the first reason that applies, in this order."""

    NOT_A_DAY = "a day or the cause is not a whole number"
    EXIT_MISSING = "exit day missing"
    CAUSE_MISSING = "cause of exit missing"
    CAUSE_UNKNOWN = "cause of exit unknown"
    EXIT_BEFORE_ORIGIN = "exit before the origin"
    ENTRY_BEFORE_ORIGIN = "entry before the origin"
    ENTRY_AFTER_EXIT = "entry after the exit"
    NO_TIME_AT_RISK = "no time at risk: entered on the day of exit"


@dataclass(frozen=True, slots=True)
class Counted:
    """A tally and the rows that are not in it."""

    tally: Tally
    refused: Mapping[Refusal, int] = field(default_factory=dict)
    """Rows per reason, reasons without a row left out."""

    @property
    def n_refused(self) -> int:
        """Rows that were not counted."""
        return sum(self.refused.values())

    def __add__(self, other: Self) -> Self:
        """Two parts of the same data together."""
        refused = Counter(self.refused) + Counter(other.refused)
        return type(self)(self.tally + other.tally, in_order(refused))


def count(rows: Iterable[Row], causes: int = 1) -> Counted:
    """Tally of people's rows (entry day | None, exit day, cause), refusing bad ones.

    Rows are streamed: memory grows with distinct days, not with people. Days are whole numbers of days since the
    origin; a number that is not whole, a NaN or a bool is refused, never rounded.
    """
    events: Counter[tuple[int, int]] = Counter()
    entries: Counter[int] = Counter()
    refused: Counter[Refusal] = Counter()
    n0 = 0
    for entry, exit_day, cause in rows:
        reason = refusal(entry, exit_day, cause, causes)
        if reason is not None or exit_day is None or cause is None:
            refused[reason or Refusal.EXIT_MISSING] += 1
            continue
        events[exit_day, cause] += 1
        if entry is None:
            n0 += 1
        else:
            entries[entry] += 1
    by_cause = (
        DayCount(day, 0, tuple(n if cause == k else 0 for k in range(1, causes + 1)), 0 if cause else n)
        for (day, cause), n in events.items()
    )
    arrivals = (DayCount(day, n, (0,) * causes, 0) for day, n in entries.items())
    return Counted(Tally.of(n0, (*by_cause, *arrivals), causes), in_order(refused))


def refusal(entry: int | None, exit_day: int | None, cause: int | None, causes: int) -> Refusal | None:
    """The reason why a row can not be counted, or None."""
    for value in (entry, exit_day, cause):
        if value is not None and type(value) is not int:  # a float, a NaN, or a bool, which is an int too
            return Refusal.NOT_A_DAY
    if exit_day is None:
        return Refusal.EXIT_MISSING
    if cause is None:
        return Refusal.CAUSE_MISSING
    if not 0 <= cause <= causes:
        return Refusal.CAUSE_UNKNOWN
    if exit_day < 0:
        return Refusal.EXIT_BEFORE_ORIGIN
    if entry is None:
        return None
    if entry < 0:
        return Refusal.ENTRY_BEFORE_ORIGIN
    if entry > exit_day:
        return Refusal.ENTRY_AFTER_EXIT
    return Refusal.NO_TIME_AT_RISK if entry == exit_day else None


def in_order(refused: Mapping[Refusal, int]) -> dict[Refusal, int]:
    """Counts by reason in the order of the reasons, so that equal counts print equally."""
    return {reason: refused[reason] for reason in Refusal if refused.get(reason)}
