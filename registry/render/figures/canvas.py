"""The sheet a figure is drawn on: one width, margins in inches, two font sizes, two quiet axes."""

import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import MaxNLocator

from registry.render.figures.palette import GREY, INK, MUTED

WIDTH = 7.0
"""Inches: the text width of an A4 page."""

TEXT, SMALL = 9.0, 8.0
"""Font sizes in points."""

LINE = 12.0
"""From one line of small text to the next, in points."""

CHARACTER = 0.0715
"""Width of a character of small type in inches, on the generous side."""

POINTS = 72.0
"""Points in an inch."""

_NOTE_COLUMNS = 108


def panel(
    height: float, *, left: float, right: float, above: float, below: float, notes: Sequence[str] = ()
) -> tuple[Drawing, Axes]:
    """A sheet with one pair of axes.

    height is that of the axes, the others are the margins round them, all in inches. Notes are set in small
    type at the foot and make the sheet as much higher as they need.
    """
    lines = [line for note in notes for line in textwrap.wrap(note, _NOTE_COLUMNS)]
    foot = len(lines) * LINE / POINTS + (0.12 if lines else 0.0)
    total = above + height + below + foot
    drawing = Drawing(figsize=(WIDTH, total))
    axes = drawing.add_axes(
        (left / WIDTH, (below + foot) / total, (WIDTH - left - right) / WIDTH, height / total)
    )
    calm(axes)
    for index, line in enumerate(reversed(lines)):
        y = (0.05 + index * LINE / POINTS) / total
        drawing.text(0.05 / WIDTH, y, line, fontsize=SMALL, color=MUTED, va="bottom")
    return drawing, axes


def calm(axes: Axes) -> None:
    """Only the axes at the left and at the foot, in grey; the numbers in ink."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(GREY)
        axes.spines[side].set_linewidth(0.8)
    axes.tick_params(color=GREY, labelcolor=INK, labelsize=SMALL, length=3, width=0.8)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)


def percent_axis(axes: Axes, name: str, *, along: str = "y") -> None:
    """An axis from 0 to 100 %, never cut. The data are shares from 0 to 1."""
    marks, words = [0.0, 0.25, 0.5, 0.75, 1.0], ["0", "25", "50", "75", "100"]
    if along == "y":
        axes.set_ylim(0, 1.0)
        axes.set_yticks(marks, words)
        axes.set_ylabel(f"{name} (%)", fontsize=TEXT)
    else:
        axes.set_xlim(0, 1.0)
        axes.set_xticks(marks, words)
        axes.set_xlabel(f"{name} (%)", fontsize=TEXT)


def number(value: int | None) -> str:
    """A count with thousands set apart; a dash for one that is hidden."""
    return "–" if value is None else f"{value:,}"


def size(axes: Axes) -> tuple[float, float]:
    """Width and height of the axes in inches."""
    drawing, box = sheet(axes), axes.get_position()
    return box.width * drawing.get_figwidth(), box.height * drawing.get_figheight()


def sheet(axes: Axes) -> Drawing:
    """The sheet that the axes are on."""
    drawing = axes.get_figure(root=True)
    if drawing is None:
        raise ValueError("these axes are on no sheet")
    return drawing


def whole_numbers(axis: Axis) -> None:
    """Marks at whole numbers only, for counts."""
    axis.set_major_locator(MaxNLocator(nbins=8, integer=True))
