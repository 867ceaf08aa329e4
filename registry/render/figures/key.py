"""The key above the axes, for figures whose names have no line or area to stand beside."""

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from registry.render.figures.canvas import LINE, POINTS, SMALL, size
from registry.render.figures.palette import INK

_COLUMNS = 92
"""Characters of small type in the width of a sheet."""

_SWATCH = 7
"""Characters that a swatch and its gaps take."""


def room(names: Sequence[str]) -> float:
    """Inches that the key needs above the axes."""
    return (-(-len(names) // _per_row(names)) * (LINE + 3) + 14) / POINTS


def write(axes: Axes, handles: Sequence[Artist], names: Sequence[str], *, left: float) -> None:
    """Write the key above the axes, from the left edge of the sheet; left is their margin in inches."""
    width, height = size(axes)
    columns = _per_row(names)
    # The library fills column by column; a key is read line by line.
    order = [index for first in range(columns) for index in range(first, len(names), columns)]
    axes.legend(
        handles=[handles[index] for index in order],
        labels=[names[index] for index in order],
        loc="lower left",
        bbox_to_anchor=(-(left - 0.05) / width, 1 + 6 / POINTS / height),
        ncols=columns,
        frameon=False,
        fontsize=SMALL,
        borderaxespad=0.2,
        borderpad=0.2,
        handlelength=1.6,
        handletextpad=0.5,
        columnspacing=1.4,
        labelspacing=0.35,
        labelcolor=INK,
    )


def _per_row(names: Sequence[str]) -> int:
    """As many columns as fit, each as wide as its longest name."""
    for columns in range(len(names), 1, -1):
        widest = (max(map(len, names[first::columns])) for first in range(columns))
        if sum(widest) + _SWATCH * columns <= _COLUMNS:
            return columns
    return 1
