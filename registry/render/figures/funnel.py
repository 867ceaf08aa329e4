"""Funnel: each site's share against its number of patients, within the limits that chance alone would keep.

Data::

    {"measure": "Responders at month 2", "share": 0.55,                   # of all sites together, or null
     "limits": [{"name": "95 %", "points": [[1, 0.0, 1.0], [2, ...], ...]},  # n, low, high
                {"name": "99.8 %", ...}],
     "sites": [{"label": "A", "n": 14, "count": 8, "own": false}, ...]}   # "own": the reader's site; optional

Exact binomial limits, one for each whole n (Spiegelhalter, Stat Med 2005;24:1185). A site outside is a reason
to look, not a verdict: the note says so.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from registry.render.figures import beside
from registry.render.figures.canvas import (
    CHARACTER,
    POINTS,
    SMALL,
    TEXT,
    panel,
    percent_axis,
    size,
    whole_numbers,
)
from registry.render.figures.palette import BLUE, GREY, INK, MUTED, ORANGE, PAPER

_LEFT, _RIGHT = 0.75, 1.1
_DOT = 0.05
"""Half the width of a point, in inches."""
_AROUND = ((True, 0.09), (True, -0.09), (False, 0.09), (False, -0.09), (True, 0.22), (True, -0.22))
"""Places for a name, the best first: to the right of its point or not, and inches above it."""

Box = tuple[float, float, float, float]
"""Left, foot, right and top, in inches from the corner of the axes."""

_DASHES = ((0, (4, 2)), (0, (1, 1.5)))
_NOTE = (
    "Each point is a site; between the broken lines it lies where chance alone would put it. "
    "Sites treat different patients: a point outside is a reason to look, not a verdict."
)


def draw(data: Mapping[str, Any]) -> Drawing:
    """The drawing of these data."""
    drawing, axes = panel(3.1, left=_LEFT, right=_RIGHT, above=0.12, below=0.5, notes=(_NOTE,))
    most = max((limit["points"][-1][0] for limit in data["limits"]), default=1)
    percent_axis(axes, data["measure"])
    axes.set_xlim(0, most)
    axes.set_xlabel("Patients of the site", fontsize=TEXT)
    whole_numbers(axes.xaxis)
    edge = []
    if data["share"] is not None:
        axes.axhline(data["share"], color=INK, linewidth=0.9)
        edge.append(beside.Name("all sites", most, data["share"], MUTED))
    for dashes, limit in zip(_DASHES, data["limits"], strict=False):
        n = [point[0] for point in limit["points"]]
        for side in (1, 2):
            axes.plot(
                n, [point[side] for point in limit["points"]], color=GREY, linestyle=dashes, linewidth=1.0
            )
        last, _, high = limit["points"][-1]
        edge.append(beside.Name(limit["name"], last, high, MUTED))
    beside.write(axes, edge)
    sites = [site for site in data["sites"] if site["n"]]
    for site in sites:
        own = site.get("own", False)
        axes.plot(
            site["n"],
            site["count"] / site["n"],
            marker="D" if own else "o",
            markersize=6.5 if own else 5.5,
            color=ORANGE if own else BLUE,
            markeredgecolor=PAPER,
            markeredgewidth=0.7,
            clip_on=False,
            zorder=5,
        )
    _name_sites(axes, sites, data["share"])
    return drawing


def _name_sites(axes: Axes, sites: Sequence[Mapping[str, Any]], share: float | None) -> None:
    """Names where they cover neither points nor each other nor the line of all; without room the table has to do."""
    wide, high = size(axes)
    low, most = axes.get_xlim()
    # One's own first: it has the first choice.
    order = sorted(sites, key=lambda site: not site.get("own", False))
    places = [((site["n"] - low) / (most - low) * wide, site["count"] / site["n"] * high) for site in order]
    taken = [(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in places]
    if share is not None:
        taken.append((0, share * high, wide, share * high))
    for site, (x, y) in zip(order, places, strict=True):
        width = CHARACTER * len(site["label"])
        for right, up in _AROUND:
            left = x + 0.07 if right else x - 0.07 - width
            foot = y + up - 0.06
            box = (left, foot, left + width, foot + 0.12)
            if left > 0 and not any(_touch(box, other) for other in taken):
                taken.append(box)
                axes.annotate(
                    site["label"],
                    (site["n"], site["count"] / site["n"]),
                    ((left - x) * POINTS, up * POINTS),
                    textcoords="offset points",
                    va="center",
                    fontsize=SMALL,
                    color=ORANGE if site.get("own", False) else INK,
                    zorder=6,
                )
                break


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
