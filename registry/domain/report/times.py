"""Survival times of a group, counted, and everybody whose time does not count, with the reason."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Literal

from registry.domain.analysis import AnalysisRow, SurvivalRow
from registry.domain.report.people import People
from registry.domain.report.plan import DISPUTED, WIDE_BOUNDS
from registry.domain.statistics.counting import count, refusal
from registry.domain.statistics.tally import Tally

Origin = Literal["os_onset", "os_diagnosis", "os_treatment"]
Ends = Literal["exit", "exit_lo", "exit_hi"]


@dataclass(frozen=True, slots=True)
class Times:
    """Who is counted, their tally, and who is left out by reason (codes of ``words.WITHOUT_TIME``)."""

    people: People
    tally: Tally
    left_out: Mapping[Hashable, People]


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
    parts = people.split(lambda row: _reason(getattr(row, origin), delayed, set_aside, ends))
    counted = parts.pop(None, People(people.study, ()))
    rows = (_row(getattr(row, origin), delayed, ends) for row in counted)
    return Times(counted, count(rows).tally, {key: parts[key] for key in sorted(parts, key=str)})


def dead(row: AnalysisRow, origin: Origin) -> bool:
    """Whether the time from this origin ends with death."""
    time: SurvivalRow = getattr(row, origin)
    return time.event == 1


def _row(time: SurvivalRow, delayed: bool, ends: Ends) -> tuple[int | None, int | None, int | None]:
    return (time.entry if delayed else None), getattr(time, ends), time.event


def _reason(time: SurvivalRow, delayed: bool, set_aside: frozenset[str], ends: Ends) -> Hashable:
    if time.reason is not None:
        return time.reason
    aside = sorted(set_aside.intersection(time.flags))
    if aside:
        return aside[0]
    return refusal(*_row(time, delayed, ends), causes=1)
