"""The response categories as pure functions of pain and opioid dose before and after treatment.

Pain is the worst pain of the last 24 hours at the index site, a whole number 0 to 10; the dose is the oral
morphine equivalent daily dose (OMEDD) of the same 24 hours in mg/d, unrounded. Which assessments are
compared, and why a patient is not evaluable, is decided elsewhere.

Source of the consensus: Chow et al., Radiother Oncol 2002;64:275-80 and Int J Radiat Oncol Biol Phys
2012;82:1730-7. Its wording of complete response and of the 25 % reduction clause is given from memory: check
before the statistical analysis plan is frozen. The edge rules, marked below, are registry decisions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

EPSILON = 1e-9
"""Tolerance of every comparison of doses, in mg/d: 0.1 + 0.2 is no increase over 0.3."""

PP_BOTH = "PP_BOTH"  # pain and opioid both progressed: indeterminate by the letter
LOW_BASELINE = "low_baseline"  # baseline pain of 1 or 2: the floor leaves little or no room for a response
NO_BASELINE_PAIN = "no_baseline_pain"
PAIN_ONLY = "pain_only"  # the opioid clause was not applied


class Category(StrEnum):
    """Consensus response category. Responders are CR and PR."""

    CR = "CR"
    """Complete response."""
    PR = "PR"
    """Partial response."""
    PP = "PP"
    """Pain progression."""
    IR = "IR"
    """Indeterminate response."""


RESPONDERS = frozenset({Category.CR, Category.PR})
BEST_FIRST = (Category.CR, Category.PR, Category.IR, Category.PP)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A category, or the reason why there is none, and what a reader must know about it."""

    category: Category | None
    reason: str | None = None
    flags: tuple[str, ...] = ()

    @property
    def responder(self) -> bool:
        return self.category in RESPONDERS

    @property
    def pragmatic(self) -> Category | None:
        """The category of the sensitivity analysis that counts worse pain with more opioid as progression."""
        return Category.PP if PP_BOTH in self.flags else self.category


def consensus(p0: int, pt: int, d0: float, dt: float) -> Verdict:
    """International consensus category of (baseline pain, pain, baseline OMEDD, OMEDD).

    CR  no pain, and no more opioid than before
    PR  pain at least 2 points less with no more opioid, or opioid at least 25 % less with no more pain
    PP  pain at least 2 points more with a stable opioid, or opioid at least 25 % more with pain 0 or 1 more
    IR  anything else

    They are asked in this order. Registry decisions: *stable* is more than 75 % and less than 125 % of the
    baseline dose, and none before and after; from no opioid at all there is no reduction, and any opioid is
    an increase of at least 25 %; without baseline pain the response is not evaluable (``no_baseline``).

    Raises ValueError for pain outside 0 to 10 and for a negative or infinite dose.
    """
    _require(p0, pt, d0, dt)
    if p0 == 0:
        return Verdict(None, "no_baseline", (NO_BASELINE_PAIN,))
    change = pt - p0
    no_increase = dt <= d0 + EPSILON
    reduced = d0 > EPSILON and dt <= 0.75 * d0 + EPSILON
    increased = dt > EPSILON and dt >= 1.25 * d0 - EPSILON
    flags = _low(p0)
    if pt == 0 and no_increase:
        return Verdict(Category.CR, flags=flags)
    if (change <= -2 and no_increase) or (reduced and change <= 0):
        return Verdict(Category.PR, flags=flags)
    if change >= 2 and increased:
        return Verdict(Category.IR, flags=(PP_BOTH, *flags))
    if (change >= 2 and not reduced) or (increased and change in (0, 1)):
        return Verdict(Category.PP, flags=flags)
    return Verdict(Category.IR, flags=flags)


def pain_only(p0: int, pt: int) -> Verdict:
    """The reading of pain alone, for when the opioid dose of either day is unknown or not computable.

    The thresholds of the consensus with the opioid clauses left out; always flagged ``pain_only`` and never
    pooled with the consensus category. Registry decision. Raises ValueError for pain outside 0 to 10.
    """
    _require(p0, pt, 0.0, 0.0)
    if p0 == 0:
        return Verdict(None, "no_baseline", (NO_BASELINE_PAIN, PAIN_ONLY))
    flags = (*_low(p0), PAIN_ONLY)
    if pt == 0:
        return Verdict(Category.CR, flags=flags)
    if pt - p0 <= -2:
        return Verdict(Category.PR, flags=flags)
    return Verdict(Category.PP if pt - p0 >= 2 else Category.IR, flags=flags)


def integrated_response(p0: int, pt: int, d0: float, dt: float) -> bool | None:
    """Response by the older integrated pain and analgesic score: yes, no, or None when not evaluable.

    Pain at least 2 points less with no more analgesic, or stable pain with at least 50 % less analgesic (518
    patients, Chow et al., Support Cancer Ther 2004;1:173-8, abstract). It has no further categories. *Stable*
    is read here as a change of less than 2 points, up or down (registry decision).

    Raises ValueError for pain outside 0 to 10 and for a negative or infinite dose.
    """
    _require(p0, pt, d0, dt)
    if p0 == 0:
        return None
    less_pain = pt - p0 <= -2 and dt <= d0 + EPSILON
    less_opioid = abs(pt - p0) < 2 and d0 > EPSILON and dt <= 0.5 * d0 + EPSILON
    return less_pain or less_opioid


def best(categories: Iterable[Category]) -> Category | None:
    """The best of the categories, CR before PR before IR before PP; None when there are none."""
    return min(categories, key=BEST_FIRST.index, default=None)


def worst(categories: Iterable[Category]) -> Category | None:
    """The worst of the categories, for a patient with two sides; None when there are none."""
    return max(categories, key=BEST_FIRST.index, default=None)


def _low(p0: int) -> tuple[str, ...]:
    return (LOW_BASELINE,) if p0 <= 2 else ()


def _require(p0: int, pt: int, d0: float, dt: float) -> None:
    if not (0 <= p0 <= 10 and 0 <= pt <= 10):
        raise ValueError(f"pain is a whole number from 0 to 10, not {p0!r} and {pt!r}")
    if not (isfinite(d0) and isfinite(dt) and d0 >= 0 and dt >= 0):
        raise ValueError(f"an opioid dose is a number of mg/d, zero or more, not {d0!r} and {dt!r}")
