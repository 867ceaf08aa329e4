"""Cells of a report from groups of patients: numbers, shares, rates with their interval, medians."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import accumulate

from registry.domain.analysis import AnalysisRow
from registry.domain.analysis.asking import ask
from registry.domain.report.contributions import contributions, figures
from registry.domain.report.document import Cell
from registry.domain.report.people import People
from registry.domain.statistics.printable import percent
from registry.domain.statistics.proportions import clopper_pearson

QUARTILES = "median (quartiles)"
EXACT = "Clopper-Pearson 95 %"
QUARTERS = 4
"""The public is told quartiles when each quarter has enough patients."""


def text(words: str) -> Cell:
    """Words."""
    return Cell(words)


def other(number: float, of_what: str, digits: int = 0, unit: str = "") -> Cell:
    """A number of something else than patients of the registry: submissions, questions, published cases.

    Nobody is told more of it than is printed.
    """
    return Cell(f"{number:,.{digits}f}{unit}", value=round(number, digits) + 0.0, method=of_what)


EMPTY = Cell("")


def count(patients: int) -> Cell:
    """A number of patients of whom nothing else is known here."""
    return Cell(f"{patients:,}", count=patients)


def number(people: People) -> Cell:
    """How many."""
    return Cell(f"{len(people):,}", count=len(people), who=people.mark)


def share(people: People, of: People) -> Cell:
    """How many of the others, with percent: "12 (32 %)"."""
    return _marked(proportion(len(people), len(of)), people, of)


def rate(people: People, of: People) -> Cell:
    """A proportion with its exact interval: "12/37 = 32 % (18–50 %)"."""
    return _marked(proportion(len(people), len(of), limits=True), people, of)


def proportion(part: int, of: int | None, *, limits: bool = False) -> Cell:
    """So many of so many, with or without the exact interval; without ``of`` the number alone."""
    if of is None:
        return count(part)
    if not of:
        return Cell("no patients" if limits else "–", count=0, of=0)
    if not limits:
        return Cell(f"{part:,} ({percent(part / of, of)})", count=part, of=of, value=part / of)
    found = clopper_pearson(part, of)
    lower, upper = (percent(limit, of) for limit in (found.lower, found.upper))
    return Cell(
        f"{part:,}/{of:,} = {percent(found.value, of)} ({lower.removesuffix(' %')}–{upper})",
        count=part,
        of=of,
        value=found.value,
        lo=found.lower,
        hi=found.upper,
        method=EXACT,
    )


def _marked(cell: Cell, people: People, of: People) -> Cell:
    return replace(cell, who=people.mark, of_who=of.mark) if len(of) else cell


def middle(
    people: People,
    value: Callable[[AnalysisRow], float | None],
    digits: int = 0,
    *,
    most: float | None = None,
) -> Cell:
    """Median and quartiles of those for whom the value is known: "63 (55–71)". Neither least nor greatest is told.

    The public is told none for fewer than four times the threshold: a quartile is the value of somebody. Nor is it told
    more digits than are printed: a quarter more or less between two whole numbers tells the number of patients but for
    multiples of four.

    most  a value from which on only "so much or more" is told: 90 for the age of patients, "90+"
    """
    known = people.where(lambda row: value(row) is not None)
    shown: Callable[[AnalysisRow], float | None] = (
        value if most is None else lambda row: _capped(value(row), most)
    )
    counts = people.counts(shown)
    if not counts:
        return Cell("–", of=0)
    public = people.study.audience == "public"
    if public and at_least(known, people) < QUARTERS * people.study.threshold:
        return text("too few patients")
    low, mid, high = (quantile(counts, level) for level in (0.25, 0.5, 0.75))
    said = [f"{one:,.{digits}f}{'+' if one == most else ''}" for one in (mid, low, high)]
    return Cell(
        f"{said[0]} ({said[1]}–{said[2]})",
        of=len(known),
        value=rounded(mid, digits if public else None),
        lo=rounded(low, digits if public else None),
        hi=rounded(high, digits if public else None),
        method=QUARTILES,
        of_who=known.mark,
        rests_on=resting_on(known, shown),
    )


def at_least(known: People, people: People) -> int:
    """How many are known for certain to who knows all of them: of a few that are missing, as many as may be."""
    few = people.study.threshold
    return len(people) - few + 1 if 0 < len(people) - len(known) < few else len(known)


def rounded(value: float | None, digits: int | None) -> float | None:
    """The number in so many digits; as it is for None."""
    return value if value is None or digits is None else round(value, digits)


def resting_on(people: People, value: Callable[[AnalysisRow], float | None]) -> bytes | None:
    """Who gives what to a figure made from one value of each patient."""
    told = ask(people.cohort, people.places, value)
    return contributions(people, figures(told.answers, told.codes))


def quantile(counts: Mapping[float, int], level: float) -> float:
    """Quantile by linear interpolation (type 7 of Hyndman & Fan, Am Stat 1996;50:361).

    counts  how often each number occurs, in ascending order
    """
    upto = list(accumulate(counts.values()))
    numbers = list(counts)
    place = level * (upto[-1] - 1)
    below = int(place)
    low, high = (numbers[bisect_right(upto, rank)] for rank in (below, min(below + 1, upto[-1] - 1)))
    return low + (place - below) * (high - low)


def _capped(value: float | None, most: float) -> float | None:
    return None if value is None else min(value, most)
