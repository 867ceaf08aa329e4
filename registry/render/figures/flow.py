"""Flow of patients: boxes from who was received to who was analysed, with the reasons of those who left.

Data::

    {"steps": [                                                           # from the top down
        {"label": "Cases received", "n": 60,
         "out_label": "Left out", "out": [{"label": "not MPS", "n": 4}]},  # who does not go on; optional
        {"label": "MPS, any class", "n": 56,
         "parts_label": "Index treatment",                                # optional
         "parts": [{"label": "radiotherapy", "n": 30,
                    "reasons": [{"label": "died before month 1", "n": 5}]}, ...]},  # what the box is made of
        ...]}

A count that is null is hidden and drawn as a dash. The drawing adds nothing up: that every box equals the sum
of its parts is the business, and the test, of the section that makes the data.
"""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.patches import Rectangle

from registry.render.figures.canvas import CHARACTER, LINE, POINTS, SMALL, TEXT, WIDTH, number
from registry.render.figures.palette import GREY, INK, MUTED, PALE, PAPER

_MAIN = (0.1, 3.0)
"""Left edge and width of the main column, in inches; those who leave stand to the right of it."""
_SIDE = (3.75, 3.15)
_PAD, _GAP, _BETWEEN = 0.09, 0.3, 0.12
_LINE = LINE / POINTS
_PARTS_IN_ROW = 4

Texts = Sequence[tuple[str, bool]]
"""Lines of a box, each with whether it is bold."""


def draw(data: Mapping[str, Any]) -> Drawing:
    """The drawing of these data."""
    steps = data["steps"]
    # Laid out twice: the height of the sheet is known only after the boxes have been placed.
    height = _lay_out(None, steps, 0.0)
    drawing = Drawing(figsize=(WIDTH, height))
    axes = drawing.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(0, height)
    axes.axis("off")
    _lay_out(axes, steps, height)
    return drawing


def _lay_out(axes: Axes | None, steps: Sequence[Mapping[str, Any]], top: float) -> float:
    """Draw from `top` downwards, or only measure where there are no axes; returns the height used."""
    y = top - 0.06
    centre = _MAIN[0] + _MAIN[1] / 2
    for index, step in enumerate(steps):
        last = index == len(steps) - 1
        bottom = _box(axes, _MAIN[0], y, _MAIN[1], _words(step, _MAIN[1]), PALE)
        if step.get("parts"):
            bottom = _parts(axes, step, bottom, centre, joined=not last)
        if step.get("out"):
            side = _leaving(step)
            high = _height(side)
            middle = bottom - _GAP / 2 - high / 2
            _box(axes, _SIDE[0], middle + high / 2, _SIDE[1], side, PAPER)
            _arrow(axes, (centre, middle), (_SIDE[0], middle))
            below = middle - high / 2 - _GAP / 2
        else:
            below = bottom - _GAP
        if not last:
            _arrow(axes, (centre, bottom), (centre, below))
        y = below if not last else min(bottom, below if step.get("out") else bottom)
    return top - y + 0.06


def _parts(
    axes: Axes | None, step: Mapping[str, Any], bottom: float, centre: float, *, joined: bool
) -> float:
    """The row of boxes that a box is made of; returns where the next step begins to be linked."""
    parts = step["parts"]
    rows = [parts[start : start + _PARTS_IN_ROW] for start in range(0, len(parts), _PARTS_IN_ROW)]
    heading = step.get("parts_label")
    for row in rows:
        width = (WIDTH - 0.2 - _BETWEEN * (len(row) - 1)) / len(row)
        bus = bottom - _GAP / 2
        top = bottom - _GAP
        lefts = [0.1 + index * (width + _BETWEEN) for index in range(len(row))]
        middles = [left + width / 2 for left in lefts]
        _line(axes, (centre, bottom), (centre, bus))
        _line(axes, (min(*middles, centre), bus), (max(*middles, centre), bus))
        if heading and axes is not None:
            axes.text(WIDTH - 0.1, bus + 0.05, heading, fontsize=SMALL, color=MUTED, ha="right", va="bottom")
        heading = None
        words = [_words(part, width) for part in row]
        deep = max(map(_height, words))
        for left, middle, text in zip(lefts, middles, words, strict=True):
            _arrow(axes, (middle, bus), (middle, top))
            _box(axes, left, top, width, text, PAPER, deep)
        bottom = top - deep
        if joined or row is not rows[-1]:
            joint = bottom - _BETWEEN
            for middle in middles:
                _line(axes, (middle, bottom), (middle, joint))
            _line(axes, (min(*middles, centre), joint), (max(*middles, centre), joint))
            bottom = joint
    return bottom


def _words(box: Mapping[str, Any], width: float) -> Texts:
    columns = int((width - 2 * _PAD) / CHARACTER)
    lines = [(line, False) for line in textwrap.wrap(box["label"], columns)]
    lines.append((f"n = {number(box['n'])}", True))
    for reason in box.get("reasons", ()):
        lines += _reason(reason, columns)
    return lines


def _leaving(step: Mapping[str, Any]) -> Texts:
    columns = int((_SIDE[1] - 2 * _PAD) / CHARACTER)
    lines = [(step.get("out_label", "Left out"), True)]
    for reason in step["out"]:
        lines += _reason(reason, columns)
    return lines


def _reason(reason: Mapping[str, Any], columns: int) -> list[tuple[str, bool]]:
    said = f"{number(reason['n'])}  {reason['label']}"
    return [(line, False) for line in textwrap.wrap(said, columns, subsequent_indent="   ")]


def _height(lines: Texts) -> float:
    return len(lines) * _LINE + 2 * _PAD


def _box(
    axes: Axes | None,
    left: float,
    top: float,
    width: float,
    lines: Texts,
    colour: str,
    deep: float | None = None,
) -> float:
    """A box with its lines; returns its lower edge."""
    height = deep or _height(lines)
    if axes is not None:
        axes.add_patch(
            Rectangle((left, top - height), width, height, facecolor=colour, edgecolor=GREY, linewidth=0.8)
        )
        for index, (line, bold) in enumerate(lines):
            axes.text(
                left + _PAD,
                top - _PAD - (index + 0.78) * _LINE,
                line,
                fontsize=TEXT if bold else SMALL,
                fontweight="bold" if bold else "normal",
                color=INK,
            )
    return top - height


def _line(axes: Axes | None, start: tuple[float, float], end: tuple[float, float]) -> None:
    if axes is not None:
        axes.plot([start[0], end[0]], [start[1], end[1]], color=GREY, linewidth=0.9, solid_capstyle="butt")


def _arrow(axes: Axes | None, start: tuple[float, float], end: tuple[float, float]) -> None:
    if axes is not None:
        style = {"arrowstyle": "-|>", "color": GREY, "linewidth": 0.9, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", end, start, arrowprops={**style, "mutation_scale": 8})
