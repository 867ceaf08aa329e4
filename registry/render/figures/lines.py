"""Lines: a mean or median over time, and below the axis how many it was observed in.

Data::

    {"measure": "Worst pain, NRS 0-10", "range": [0, 10],                 # of the y axis, never cut
     "axis": "Time since end of radiotherapy",
     "at": [0, 30, 60, 91],  # places on the axis
     "names": ["before", "month 1", "month 2", "month 3"],  # and what stands there
     "groups": [{"name": "Mean", "values": [7.1, 4.0, null, 3.2],         # 1 to 4 groups; null: not shown
                 "lo": [6.5, ...], "hi": [7.7, ...]}],                    # optional
     "each": [[8, 5, null, 3], ...],  # single patients, for staff only; optional
     "beneath": [{"name": "Observed", "values": [50, 41, 30, 22]},
                 {"name": "Died", "values": [0, 6, 14, 22]}]}

Points are joined only between neighbours that are both known. The numbers below the axis are not decoration:
the mean at month 3 is the mean of those who lived and answered (Kurland et al., Stat Sci 2009;24:211).
"""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from registry.render.figures import beneath, beside
from registry.render.figures.canvas import TEXT, panel
from registry.render.figures.palette import GREY, PAPER, stroke

_HEIGHT, _LEFT, _RIGHT = 2.8, 1.1, 1.45


def draw(data: Mapping[str, Any]) -> Drawing:
    """The drawing of these data."""
    lines = [beneath.Line(line["name"], line["values"]) for line in data["beneath"]]
    drawing, axes = panel(_HEIGHT, left=_LEFT, right=_RIGHT, above=0.15, below=beneath.room(lines))
    low, high = data["range"]
    at = data["at"]
    edge = (at[-1] - at[0]) * 0.03 or 0.5
    axes.set_xlim(at[0] - edge, at[-1] + edge)
    axes.set_ylim(low, high)
    axes.set_xticks(at, data["names"])
    axes.set_xlabel(data["axis"], fontsize=TEXT)
    axes.set_ylabel(data["measure"], fontsize=TEXT)
    for values in data.get("each", ()):
        axes.plot(at, _gaps(values), color=GREY, linewidth=0.6, alpha=0.45, marker="o", markersize=1.5)
    count = len(data["groups"])
    for index, group in enumerate(data["groups"]):
        shift = (index - (count - 1) / 2) * edge * 0.35
        _group(axes, [place + shift for place in at], group, index)
    beside.write(
        axes, [name for index, group in enumerate(data["groups"]) for name in _name(at, group, index)]
    )
    beneath.write(axes, at, lines, left=_LEFT)
    return drawing


def _group(axes: Axes, at: list[float], group: Mapping[str, Any], index: int) -> None:
    """The line with its intervals; groups stand a little apart, so that their intervals can be told apart."""
    look, nothing = stroke(index), [None] * len(at)
    for place, lo, hi in zip(at, group.get("lo") or nothing, group.get("hi") or nothing, strict=True):
        if lo is not None and hi is not None:
            axes.plot([place, place], [lo, hi], color=look.colour, linewidth=1.2, solid_capstyle="butt")
    axes.plot(
        at,
        _gaps(group["values"]),
        color=look.colour,
        linestyle=look.dashes,
        linewidth=1.6,
        marker="osD^"[index],
        markersize=5,
        markeredgecolor=PAPER,
        markeredgewidth=0.7,
        clip_on=False,
        zorder=4,
    )


def _name(at: list[float], group: Mapping[str, Any], index: int) -> list[beside.Name]:
    """The name where the line ends; none for a group of which nothing is shown."""
    known = [(place, value) for place, value in zip(at, group["values"], strict=True) if value is not None]
    return [beside.Name(group["name"], *known[-1], stroke(index).colour)] if known else []


def _gaps(values: list[float | None]) -> list[float]:
    return [float("nan") if value is None else value for value in values]
