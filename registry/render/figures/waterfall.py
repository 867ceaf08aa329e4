"""Waterfall: the change of every single patient, in order. For staff only: each bar is one person.

Data::

    {"measure": "Change of worst pain, NRS points", "range": [-10, 10],
     "groups": ["complete response", "partial response", ...],            # at most 6
     "bars": [{"value": -8, "group": 0}, ...],  # in the order drawn; group: place in groups
     "lines": [{"at": -2, "name": "2 points better"}]}                    # thresholds; optional
"""

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure as Drawing
from matplotlib.patches import Patch

from registry.render.figures import key
from registry.render.figures.canvas import SMALL, TEXT, panel
from registry.render.figures.palette import GREY, INK, MUTED, fill

_LEFT, _RIGHT = 0.75, 1.2

APART = 80
"""More bars than this touch, without edges: these would be all that is seen of them."""


def draw(data: Mapping[str, Any]) -> Drawing:
    """The drawing of these data."""
    names, bars = data["groups"], data["bars"]
    drawing, axes = panel(2.9, left=_LEFT, right=_RIGHT, above=key.room(names), below=0.35)
    low, high = data["range"]
    axes.set_xlim(-0.7, max(len(bars), 1) - 0.3)
    axes.set_ylim(low, high)
    axes.set_xticks([])
    marks = [low, low / 2, 0, high / 2, high]
    axes.set_yticks(marks, [f"{mark:+g}".replace("-", "−") if mark else "0" for mark in marks])
    axes.set_xlabel(f"Patients, n = {len(bars)}, each one bar", fontsize=TEXT)
    axes.set_ylabel(data["measure"], fontsize=TEXT)
    axes.spines["bottom"].set_visible(False)
    axes.axhline(0, color=INK, linewidth=0.8)
    apart = len(bars) <= APART
    for index in range(len(names)):
        mine = [(place, bar["value"]) for place, bar in enumerate(bars) if bar["group"] == index]
        places, values = [place for place, _ in mine], [value for _, value in mine]
        colour = fill(index).colour
        axes.bar(
            places,
            values,
            width=0.8 if apart else 1.0,
            color=colour,
            edgecolor=GREY if apart else colour,
            linewidth=0.4 if apart else 0.1,
        )
    # No change has no height: a small mark, or the patient would be missing from the picture.
    still = [place for place, bar in enumerate(bars) if bar["value"] == 0]
    axes.plot(
        still, [0] * len(still), linestyle="none", marker="d" if apart else "|", markersize=3.5, color=INK
    )
    for line in data.get("lines", ()):
        axes.axhline(line["at"], color=GREY, linewidth=0.9, linestyle=(0, (4, 2)))
        axes.annotate(
            line["name"],
            (1, line["at"]),
            (6, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
            color=MUTED,
        )
    handles = [
        Patch(facecolor=fill(index).colour, edgecolor=GREY, linewidth=0.4) for index in range(len(names))
    ]
    key.write(axes, handles, names, left=_LEFT)
    return drawing
