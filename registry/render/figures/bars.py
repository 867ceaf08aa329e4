"""Bars: how many, by category, one bar for each window, group or site.

Data::

    {"layout": "stacked",  # shares of each bar's n, or "grouped": counts
     "measure": "Patients",
     "categories": ["CR", "PR", "IR", "PP", "not evaluable"],  # at most 6
     "tones": ["best", "good", "neither", "bad", "unknown"],  # or "lost"; optional
     "bars": [{"label": "Month 1", "n": 52, "counts": [4, 15, 8, 6, 19]}, ...]}  # null: hidden

Counts stand in the bars, so that the picture can be checked against its table. What is hidden in a stacked
bar is drawn as one piece without a count; of a bar whose n is hidden nothing is drawn.
"""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.patches import Patch

from registry.render.figures import key
from registry.render.figures.canvas import SMALL, TEXT, number, panel, percent_axis, whole_numbers
from registry.render.figures.palette import GREY, INK, MUTED, PAPER, TONES, Fill, fill

_LEFT, _RIGHT = 1.75, 0.75
_LABEL = 24
_STACKED, _SUB, _APART = 0.42, 0.2, 0.22
_HIDDEN = "hidden to protect patients"


def draw(data: Mapping[str, Any]) -> Drawing:
    """The drawing of these data."""
    if data["layout"] not in ("stacked", "grouped"):
        raise ValueError(f"layout {data['layout']!r}; known are stacked, grouped")
    stacked = data["layout"] == "stacked"
    categories, bars = data["categories"], data["bars"]
    each = _STACKED if stacked else _SUB * len(categories) + _APART
    looks = _looks(data)
    names, handles = list(categories), [_swatch(look) for look in looks]
    if stacked and any(None in bar["counts"] and bar["n"] is not None for bar in bars):
        names.append(_HIDDEN)
        handles.append(Patch(facecolor=PAPER, edgecolor=GREY, hatch="////", linewidth=0.6))
    drawing, axes = panel(each * len(bars), left=_LEFT, right=_RIGHT, above=key.room(names), below=0.5)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    labels = [textwrap.fill(bar["label"], _LABEL) for bar in bars]
    axes.set_yticks(range(len(bars)), labels, fontsize=SMALL)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    if stacked:
        percent_axis(axes, data["measure"], along="x")
        for row, bar in enumerate(bars):
            _stack(axes, row, bar, looks)
    else:
        axes.set_xlabel(data["measure"], fontsize=TEXT)
        for row, bar in enumerate(bars):
            _side_by_side(axes, row, bar["counts"], looks)
        axes.set_xlim(left=0)
        whole_numbers(axes.xaxis)
    key.write(axes, handles, names, left=_LEFT)
    return drawing


def _looks(data: Mapping[str, Any]) -> list[Fill]:
    """The filling of each category; `KeyError` for a tone that there is not."""
    if "tones" in data:
        return [TONES[tone] for tone in data["tones"]]
    return [fill(index) for index in range(len(data["categories"]))]


def _stack(axes: Axes, row: int, bar: Mapping[str, Any], looks: Sequence[Fill]) -> None:
    n, start = bar["n"], 0.0
    axes.annotate(
        f"n = {number(n)}",
        (1, row),
        (8, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="center",
        fontsize=SMALL,
        color=INK,
    )
    if not n:
        return
    for look, count in zip(looks, bar["counts"], strict=True):
        if not count:
            continue
        width = count / n
        axes.barh(row, width, left=start, height=0.68, color=look.colour, edgecolor=look.edge, linewidth=0.7)
        middle, said = start + width / 2, number(count)
        if width >= 0.035 * len(said):
            axes.text(middle, row, said, ha="center", va="center", fontsize=SMALL, color=look.text)
        start += width
    if None in bar["counts"]:
        axes.barh(
            row,
            1.0 - start,
            left=start,
            height=0.68,
            color=PAPER,
            edgecolor=GREY,
            hatch="////",
            linewidth=0.6,
        )


def _side_by_side(axes: Axes, row: int, counts: Sequence[int | None], looks: Sequence[Fill]) -> None:
    thick = _SUB / (_SUB * len(looks) + _APART)
    for index, (look, count) in enumerate(zip(looks, counts, strict=True)):
        y = row + (index - (len(counts) - 1) / 2) * thick
        if count:
            axes.barh(y, count, height=thick * 0.86, color=look.colour, edgecolor=look.edge, linewidth=0.7)
        axes.annotate(
            number(count),
            (count or 0, y),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
            color=INK if count is not None else MUTED,
        )


def _swatch(look: Fill) -> Patch:
    return Patch(facecolor=look.colour, edgecolor=look.edge, linewidth=0.7)
