"""Funnel: each site's share against its number of patients, within the limits that chance alone would keep.

Data::

    {"measure": "Responders at month 2", "share": 0.55,                   # of all sites together, or null
     "limits": [{"name": "95 %", "points": [[1, 0.0, 1.0], [2, ...], ...]},  # n, low, high
                {"name": "99.8 %", ...}],
     "sites": [{"label": "A", "n": 14, "count": 8, "own": false}, ...]}   # "own": the reader's site; optional

Exact binomial limits, one for each whole n (Spiegelhalter, Stat Med 2005;24:1185). A site outside is a reason
to look, not a verdict: the note says so.
"""

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure as Drawing

from registry.render.figures.canvas import SMALL, TEXT, panel, percent_axis, whole_numbers
from registry.render.figures.palette import BLUE, GREY, INK, MUTED, ORANGE, PAPER

_LEFT, _RIGHT = 0.75, 1.1
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
    if data["share"] is not None:
        axes.axhline(data["share"], color=INK, linewidth=0.9)
        _at_edge(axes, data["share"], "all sites")
    for dashes, limit in zip(_DASHES, data["limits"], strict=False):
        n = [point[0] for point in limit["points"]]
        for side in (1, 2):
            axes.plot(
                n, [point[side] for point in limit["points"]], color=GREY, linestyle=dashes, linewidth=1.0
            )
        _at_edge(axes, limit["points"][-1][2], limit["name"])
    for site in data["sites"]:
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
        axes.annotate(
            site["label"],
            (site["n"], site["count"] / site["n"]),
            (5, 3),
            textcoords="offset points",
            fontsize=SMALL,
            color=ORANGE if own else INK,
            zorder=6,
        )
    return drawing


def _at_edge(axes: Any, y: float, text: str) -> None:
    axes.annotate(
        text,
        (1, y),
        (6, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="center",
        fontsize=SMALL,
        color=MUTED,
    )
