"""The windows in which a response is assessed, in days from the end or the start of treatment.

After radiotherapy they are anchored to its end: the consensus asks at 1, 2 and 3 months (used so by Saito et
al. 2018). After systemic therapy they are anchored to day 1 of cycle 1, because it has no short end, and
nothing counts before day 14, when premedication with steroids still acts. The limits are registry decisions;
M2 is primary, because survival is short. Of several assessments in a window the one nearest to the target
counts, of two equally near the earlier.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from registry.domain.outcomes.index_pain import Measurement, end_day
from registry.domain.outcomes.treatment import Treatment

BASELINE_DAYS = 14
"""A baseline is at most this many days older than the start of treatment; the day of the start counts."""

FLARE_DAYS = 10
"""Worse pain up to this many days after the start of radiotherapy is a flare, not progression."""

SYSTEMIC_FROM_DAY = 14


@dataclass(frozen=True, slots=True)
class Window:
    """``first`` to ``last`` day after the anchor, both included; ``target`` is the day aimed at.

    always  a place for it is kept even when nothing was assessed
    """

    label: str
    anchor: Literal["start", "end"]
    target: int
    first: int
    last: int
    always: bool = True


RADIOTHERAPY = (
    Window("W1", "end", 7, 4, 10, always=False),
    Window("W2", "end", 14, 11, 20, always=False),
    Window("M1", "end", 30, 21, 45),
    Window("M2", "end", 60, 46, 75),
    Window("M3", "end", 90, 76, 120),
)
SYSTEMIC = (
    Window("EOT", "end", 21, 7, 42, always=False),
    Window("M1", "start", 30, 21, 45),
    Window("M2", "start", 60, 46, 75),
    Window("M3", "start", 90, 76, 120),
)
BEST = {
    "radiotherapy": Window("best", "end", 84, 4, 84),
    "systemic": Window("best", "start", 84, SYSTEMIC_FROM_DAY, 84),
}
"""The best response within 12 weeks; without a known end of a published course, within 12 weeks of its
start."""


def windows(treatment: Treatment) -> tuple[Window, ...]:
    """The windows of a treatment."""
    return RADIOTHERAPY if treatment.kind == "radiotherapy" else SYSTEMIC


def anchor_day(window: Window, treatment: Treatment) -> int | None:
    """Day of the anchor on the treatment's time axis; None when it is not known."""
    if window.anchor == "start":
        return treatment.start.day if treatment.start else 0
    return end_day(treatment)


def baseline(measurements: Iterable[Measurement], start: int) -> Measurement | None:
    """The scored measurement nearest to the start, on that day or before; else an unscored one; else None."""
    before = [one for one in measurements if start - BASELINE_DAYS <= one.day <= start]
    return max(before, key=lambda one: (one.nrs is not None, one.day), default=None)


def chosen(measurements: Iterable[Measurement], anchor: int, window: Window) -> Measurement | None:
    """The measurement that speaks for a window: scored ones first, then the nearest to the target."""
    inside = [one for one in measurements if window.first <= one.day - anchor <= window.last]
    return min(
        inside,
        key=lambda one: (one.nrs is None, abs(one.day - anchor - window.target), one.day),
        default=None,
    )
