"""Numbers under an axis, in line with its marks: at risk, events, censored, observed.

The layout that clinicians preferred in the KMunicate study (Morris et al., BMJ Open 2019;9:e030215).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from registry.render.figures.canvas import LINE, POINTS, SMALL, number
from registry.render.figures.palette import INK

_TO_FIRST = 44.0
"""From the axis to the first line of numbers, in points: below the marks and the name of the axis."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of numbers, one per mark; without numbers it is a heading."""

    name: str
    values: Sequence[int | None] = ()
    colour: str = INK


def room(lines: Sequence[Line]) -> float:
    """Inches needed below the axes."""
    return (_TO_FIRST + LINE * len(lines)) / POINTS


def write(axes: Axes, marks: Sequence[float], lines: Sequence[Line], *, left: float) -> None:
    """Write the lines under the axes; left is the margin beside the axes in inches, where the names go."""
    for index, line in enumerate(lines):
        y = -(_TO_FIRST + LINE * index)
        heading = not line.values
        if not heading and len(line.values) != len(marks):
            raise ValueError(f"{line.name}: {len(line.values)} numbers for {len(marks)} marks")
        axes.annotate(
            line.name,
            (0, 0),
            (-(left - 0.05) * POINTS if heading else -20, y),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="left" if heading else "right",
            fontsize=SMALL,
            fontweight="bold" if heading else "normal",
            color=line.colour,
        )
        for mark, value in zip(marks, line.values, strict=not heading):
            axes.annotate(
                number(value),
                (mark, 0),
                (0, y),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                ha="center",
                fontsize=SMALL,
                color=line.colour,
            )
