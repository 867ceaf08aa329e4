"""Cumulative incidence: what had happened to whom by each day, as areas that together are everyone.

Data::

    {"measure": "Patients", "origin": "end of radiotherapy", "unit": "months",
     "horizon": 365, "ticks": [0, 91, ...],                               # days
     "until": 300,  # last day drawn: enough at risk until there
     "between": "steps",  # or "straight": known on these days only
     "days": [0, 9, 14, ...],  # from each day to the next the values hold
     "causes": [{"name": "Response", "label": "48 %", "values": [0.0, 0.02, ...]}, ...],  # upwards
     "rest": {"name": "None of these", "label": "20 %"},                  # what is left up to 100 %
     "beneath": [{"name": "At risk", "values": [52, 30, ...]}]}           # at ticks; null: hidden

The areas are stacked and add up to 100 %, so that nobody can be read twice. The curves are Aalen-Johansen
estimates, computed elsewhere; one minus Kaplan-Meier would not add up.
"""

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure as Drawing

from registry.render.figures import beneath, beside
from registry.render.figures.canvas import panel, percent_axis
from registry.render.figures.palette import BLUE, GREY, LIGHT_BLUE, ORANGE, PALE, PAPER
from registry.render.figures.time_axis import time_axis

_HEIGHT, _LEFT, _RIGHT = 3.0, 1.1, 1.75
_AREAS = (BLUE, GREY, ORANGE, LIGHT_BLUE)


def draw(data: Mapping[str, Any]) -> Drawing:
    """The drawing of these data."""
    causes, until = data["causes"], data["until"]
    straight = data.get("between") == "straight"
    if len(causes) > len(_AREAS):
        raise ValueError(f"at most {len(_AREAS)} causes in one figure")
    shown = [index for index, day in enumerate(data["days"]) if day <= until]
    if not shown:
        raise ValueError("nothing to draw: no day up to the last one that may be drawn")
    days = [*(data["days"][index] for index in shown), until]
    lines = [beneath.Line(line["name"], line["values"]) for line in data["beneath"]]
    notes = ["Told at the marked days only, and drawn straight between them."] if straight else []
    drawing, axes = panel(
        _HEIGHT, left=_LEFT, right=_RIGHT, above=0.12, below=beneath.room(lines), notes=notes
    )
    percent_axis(axes, data["measure"])
    time_axis(axes, data)
    floor = [0.0] * len(days)
    middles = []
    for colour, cause in zip(_AREAS, causes, strict=False):
        values = [cause["values"][index] for index in shown]
        top = [below + value for below, value in zip(floor, [*values, values[-1]], strict=True)]
        axes.fill_between(days, floor, top, step=None if straight else "post", color=colour, linewidth=0)
        axes.plot(
            days,
            top,
            drawstyle="default" if straight else "steps-post",
            color=PAPER,
            linewidth=1.0,
            marker="o" if straight else None,
            markersize=3,
        )
        middles.append((floor[-1] + top[-1]) / 2)
        floor = top
    axes.fill_between(
        days, floor, [1.0] * len(days), step=None if straight else "post", color=PALE, linewidth=0
    )
    middles.append((floor[-1] + 1.0) / 2)
    bands = (*causes, data["rest"])
    labels = ["\n".join(filter(None, (band["name"], band["label"]))) for band in bands]
    beside.write(
        axes, [beside.Name(text, until, middle) for text, middle in zip(labels, middles, strict=True)]
    )
    beneath.write(axes, data["ticks"], lines, left=_LEFT)
    return drawing
