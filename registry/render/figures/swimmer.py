"""Swimmer: the course of every single patient as one line. For staff only: each line is one person.

Data::

    {"origin": "onset of MPS", "unit": "months", "horizon": 400, "ticks": [0, 91, ...],      # days
     "spans": ["radiotherapy", "systemic therapy"],                       # kinds of spans, at most 4
     "marks": ["response", "progression"],                                # kinds of marks, at most 4
     "ends": {"died": "died", "alive": "alive at last contact"},          # names of the two ends
     "patients": [{"label": "1", "start": 0, "end": 210, "died": true,
                   "spans": [{"kind": 0, "from": 30, "to": 44}],
                   "marks": [{"kind": 0, "day": 60}]}, ...]}              # in the order drawn
"""

from collections.abc import Mapping
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from registry.render.figures import key
from registry.render.figures.canvas import SMALL, panel
from registry.render.figures.palette import BLUE, GREY, HAIR, INK, LIGHT_BLUE, LIGHT_ORANGE, ORANGE, PAPER
from registry.render.figures.time_axis import time_axis

_LEFT, _RIGHT, _ROW = 0.75, 0.35, 0.19
_SPANS = (BLUE, LIGHT_ORANGE, LIGHT_BLUE, ORANGE)
_MARKS = (("o", PAPER), ("D", INK), ("^", PAPER), ("s", INK))
_LEAST_ROWS = 4


def draw(data: Mapping[str, Any]) -> Drawing:
    """The drawing of these data."""
    if len(data["spans"]) > len(_SPANS) or len(data["marks"]) > len(_MARKS):
        raise ValueError(f"at most {len(_SPANS)} kinds of spans and {len(_MARKS)} of marks in one figure")
    names = [*data["spans"], *data["marks"], data["ends"]["died"], data["ends"]["alive"]]
    rows = max(len(data["patients"]), _LEAST_ROWS)
    drawing, axes = panel(rows * _ROW, left=_LEFT, right=_RIGHT, above=key.room(names), below=0.5)
    time_axis(axes, data)
    axes.set_ylim(rows - 0.5, -0.5)
    labels = [patient["label"] for patient in data["patients"]]
    axes.set_yticks(range(len(labels)), labels, fontsize=SMALL)
    axes.tick_params(axis="y", length=0)
    for row, patient in enumerate(data["patients"]):
        _course(axes, row, patient)
    key.write(axes, _handles(data), names, left=_LEFT)
    return drawing


def _course(axes: Axes, row: int, patient: Mapping[str, Any]) -> None:
    start, end = patient["start"], patient["end"]
    axes.barh(row, end - start, left=start, height=0.42, color=HAIR, linewidth=0)
    for span in patient["spans"]:
        # A single day would be a hair too thin to see.
        width = max(span["to"] - span["from"], 3)
        axes.barh(row, width, left=span["from"], height=0.62, color=_SPANS[span["kind"]], linewidth=0)
    for mark in patient["marks"]:
        shape, inner = _MARKS[mark["kind"]]
        axes.plot(
            mark["day"],
            row,
            marker=shape,
            markersize=5,
            color=INK,
            markerfacecolor=inner,
            clip_on=False,
            zorder=4,
        )
    axes.plot(
        end, row, marker="x" if patient["died"] else ">", markersize=5, color=INK, clip_on=False, zorder=5
    )


def _handles(data: Mapping[str, Any]) -> list[Artist]:
    spans: list[Artist] = [Patch(facecolor=_SPANS[index]) for index in range(len(data["spans"]))]
    marks = [
        Line2D(
            [], [], linestyle="none", marker=shape, markersize=5, markerfacecolor=inner, markeredgecolor=INK
        )
        for shape, inner in _MARKS[: len(data["marks"])]
    ]
    died = Line2D([], [], linestyle="none", marker="x", markersize=5, color=INK)
    alive = Line2D([], [], color=GREY, marker=">", markersize=5, markerfacecolor=INK, markeredgecolor=INK)
    return [*spans, *marks, died, alive]
