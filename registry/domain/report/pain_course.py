"""Figures 6, 7 and 4: pain and opioid dose at each assessment, with how many were observed and how many had died.

A mean after three months is the mean of those who lived and answered: the numbers below the axis say how many these are
(Kurland et al. 2009). The change of every single patient is drawn for staff only.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from scipy.special import stdtrit

from registry.domain.analysis import AnalysisRow
from registry.domain.report.answers import window_of
from registry.domain.report.cells import at_least, number, quantile, resting_on, rounded
from registry.domain.report.document import Block, Cell, Figure, Paragraph, Row, SectionSpec, Study, Table
from registry.domain.report.people import People
from registry.domain.report.plan import PRIMARY_WINDOW
from registry.domain.report.sets import treated
from registry.domain.report.words import CATEGORIES
from registry.domain.statistics.log_log import LEVEL

AT = {"baseline": 0, "M1": 30, "M2": 60, "M3": 90}
NAMES = {"baseline": "before", "M1": "month 1", "M2": "month 2", "M3": "month 3"}
LEAST = 5
"""A mean of fewer patients is not printed."""
MOST_LINES = 60
"""More single lines than this can not be told from each other."""
MOST_BARS = 400
"""Nor more bars than this."""

Value = Callable[[AnalysisRow, str], float | None]
Counts = Mapping[float, int]
"""How often each value occurs, in ascending order."""


def _pain(row: AnalysisRow, at: str) -> float | None:
    return window_of(row, PRIMARY_WINDOW).nrs0 if at == "baseline" else window_of(row, at).nrs


def _dose(row: AnalysisRow, at: str) -> float | None:
    return window_of(row, PRIMARY_WINDOW).omedd0 if at == "baseline" else window_of(row, at).omedd


def mean_with_limits(counts: Counts) -> tuple[float, float, float] | None:
    """Mean and its 95 % interval (Student's t); None for fewer than five values.

    Sums are exact before they are rounded, so that they depend neither on the order nor on how values are counted.
    """
    n = sum(counts.values())
    if n < LEAST:
        return None
    mean = _sum(counts) / n
    spread = math.sqrt(_sum(counts, lambda value: (value - mean) ** 2) / (n - 1))
    half = float(stdtrit(n - 1, 0.5 + LEVEL / 2)) * spread / math.sqrt(n)
    return mean, mean - half, mean + half


def _sum(counts: Counts, term: Callable[[float], float] = float) -> float:
    return float(sum(Fraction(term(value)) * patients for value, patients in counts.items()))


def median_with_quartiles(counts: Counts) -> tuple[float, float, float] | None:
    """Median and quartiles; None for fewer than five values."""
    if sum(counts.values()) < LEAST:
        return None
    return quantile(counts, 0.5), quantile(counts, 0.25), quantile(counts, 0.75)


def _dead(row: AnalysisRow, at: str) -> bool:
    return at != "baseline" and window_of(row, at).reason == "died_before_window"


def _figure(
    study: Study,
    people: People,
    value: Value,
    summary: Callable[[Counts], tuple[float, float, float] | None],
    words: dict[str, str],
    top: float | None,
) -> Figure:
    observed = {at: people.where(lambda row, at=at: value(row, at) is not None) for at in AT}  # type: ignore[misc]
    dead = {at: people.where(lambda row, at=at: _dead(row, at)) for at in AT}  # type: ignore[misc]
    cells: dict[str, tuple[Cell, Cell, Cell]] = {}
    public = study.audience == "public"
    fewest, digits = (study.threshold, 1) if public else (LEAST, None)
    for at, group in observed.items():

        def of_one(row: AnalysisRow, at: str = at) -> float | None:
            return value(row, at)

        certain = at_least(group, people) if public else len(group)
        found = summary(group.counts(of_one)) if certain >= fewest else None
        said = "–" if found is None else f"{found[0]:.1f} ({found[1]:.1f}–{found[2]:.1f})"
        parts = [rounded(part, digits) for part in found or (None, None, None)]
        bare = Cell("", of=len(group), of_who=group.mark, rests_on=resting_on(group, of_one))
        first = replace(bare, text=said, value=parts[0], lo=parts[1], hi=parts[2], method=words["method"])
        low, high = (replace(bare, value=part) for part in parts[1:])
        cells[at] = (first, low, high)
    single = study.audience == "staff" and len(people) <= MOST_LINES
    highest = max((three[0].hi or 0 for three in cells.values()), default=0)
    if single:
        drawn = (value(row, at) for row in people for at in AT)
        highest = max((known for known in drawn if known is not None), default=highest)
    data: dict[str, Any] = {
        "measure": words["measure"],
        "range": [0, top if top is not None else 10 * (math.floor(highest / 10) + 1)],
        "axis": "Assessment",
        "at": list(AT.values()),
        "names": list(NAMES.values()),
        "groups": [
            {
                "name": words["name"],
                "values": [three[0] for three in cells.values()],
                "lo": [three[1] for three in cells.values()],
                "hi": [three[2] for three in cells.values()],
            }
        ],
        "beneath": [
            {"name": "Observed", "values": [number(group) for group in observed.values()]},
            {"name": "Died before", "values": [number(group) for group in dead.values()]},
        ],
    }
    if single:
        data["each"] = [[value(row, at) for at in AT] for row in people]
    rows = tuple(Row(NAMES[at], (cells[at][0], number(observed[at]), number(dead[at]))) for at in AT)
    return Figure(
        words["id"],
        "lines",
        words["caption"],
        data,
        words["alt"] + " " + " ".join(f"{NAMES[at].capitalize()}: {{{at}}}." for at in AT),
        Table(f"{words['id']}_numbers", words["table"], "", (words["name"], "Observed", "Died before"), rows),
        cells={at: three[0] for at, three in cells.items()},
    )


PAIN = {
    "id": "f6_pain",
    "measure": "Worst pain, NRS 0–10",
    "name": "Mean",
    "method": "mean, Student t 95 %",
    "caption": "Figure 6. Mean worst pain of those observed, with its 95 % interval.",
    "alt": "A line of means of the worst pain with its interval.",
    "table": "Numbers of figure 6.",
}
DOSE = {
    "id": "f7_opioid",
    "measure": "Opioid dose, mg oral morphine a day",
    "name": "Median",
    "method": "median (quartiles)",
    "caption": "Figure 7. Median opioid dose of those observed, with quartiles.",
    "alt": "A line of medians of the opioid dose with quartiles.",
    "table": "Numbers of figure 7.",
}


def _change(row: AnalysisRow) -> tuple[int, int] | None:
    """Change of the score to month 2, and the place of the response among the categories."""
    window = window_of(row, PRIMARY_WINDOW)
    if window.category not in CATEGORIES or window.nrs is None or window.nrs0 is None:
        return None
    return window.nrs - window.nrs0, list(CATEGORIES).index(window.category)


def _waterfall(people: People) -> Figure | Paragraph | None:
    alike = people.split(_change)
    alike.pop(None, None)
    patients = sum(map(len, alike.values()))
    if not patients:
        return None
    if patients > MOST_BARS:
        return Paragraph(
            f"The change of each single patient is drawn for up to {MOST_BARS} patients; there are {patients}.",
        )
    changes = [one for one in sorted(one for one in alike if one) for _ in range(len(alike[one]))]
    better = sum(change <= -2 for change, _ in changes)
    return Figure(
        "f4_waterfall",
        "waterfall",
        "Figure 4. Change of worst pain from baseline to month 2, one bar for each patient. For staff only.",
        {
            "measure": "Change of worst pain, NRS points",
            "range": [-10, 10],
            "groups": list(CATEGORIES.values()),
            "bars": [{"value": change, "group": group} for change, group in changes],
            "lines": [{"at": -2, "name": "2 points better"}],
        },
        f"One bar for each of {len(changes)} assessable patients, in order of the change; {better} are better by two "
        "points or more.",
        staff_only=True,
    )


def _build(study: Study) -> tuple[Block, ...]:
    people = treated(study)
    if not len(people):
        return (Paragraph("There are too few treated patients to be told of.", "warning"),)
    single = _waterfall(people) if study.audience == "staff" else None
    return (
        _figure(study, people, _pain, mean_with_limits, PAIN, 10),
        _figure(study, people, _dose, median_with_quartiles, DOSE, None),
        *((single,) if single else ()),
    )


SECTION = SectionSpec("course", "Pain and opioid dose over time", _build)
