"""Names beside the lines they belong to, or, where there is no line to stand beside, a key above the axes."""

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from registry.render.figures.canvas import LINE, POINTS, SMALL

_COLUMNS = 92
"""Characters of small type in the width of a sheet."""

_SWATCH = 7
"""Characters that a swatch and its gaps take."""


def room(names: Sequence[str]) -> float:
    """Inches that the key needs above the axes."""
    return (-(-len(names) // _per_row(names)) * (LINE + 3) + 8) / POINTS


def write(axes: Axes, handles: Sequence[Artist], names: Sequence[str], *, left: float) -> None:
    """Write the key above the axes, from the left edge of the sheet; left is the margin beside them in inches."""
    width = axes.get_position().width * axes.figure.get_figwidth()  # type: ignore[union-attr]
    axes.legend(
        handles=list(handles),
        labels=list(names),
        loc="lower left",
        bbox_to_anchor=(-(left - 0.05) / width, 1.0),
        ncols=_per_row(names),
        frameon=False,
        fontsize=SMALL,
        borderaxespad=0.2,
        borderpad=0.2,
        handlelength=1.6,
        handletextpad=0.5,
        columnspacing=1.4,
        labelspacing=0.35,
    )


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places for labels as near as may be to where they are wanted, at least `gap` apart, from low to high."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    places = [0.0] * len(wanted)
    floor = low
    for index in order:
        places[index] = max(wanted[index], floor)
        floor = places[index] + gap
    ceiling = high
    for index in reversed(order):
        places[index] = min(places[index], ceiling)
        ceiling = places[index] - gap
    return places


def _per_row(names: Sequence[str]) -> int:
    widest = max(map(len, names), default=1) + _SWATCH
    if sum(len(name) + _SWATCH for name in names) <= _COLUMNS:
        return max(len(names), 1)
    return max(1, _COLUMNS // widest)
