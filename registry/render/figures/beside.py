"""Names beside the lines and areas they belong to, at the right edge: nobody has to look up a key."""

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from registry.render.figures.canvas import CHARACTER, LINE, POINTS, SMALL, WIDTH, sheet, size
from registry.render.figures.palette import HAIR, INK

_AWAY = 12 / POINTS
"""From the axes to the names, in inches."""


class Name(NamedTuple):
    """A name, of one line or more, and where in the data its line ends."""

    text: str
    x: float
    y: float
    colour: str = INK


def write(axes: Axes, names: Sequence[Name]) -> None:
    """Write the names level with the ends of their lines, apart where they would touch, tied by a hair."""
    low, high = axes.get_ylim()
    room = (1 - axes.get_position().x1) * WIDTH - _AWAY
    texts = [_wrapped(name.text, int(room / CHARACTER)) for name in names]
    deep = max((text.count("\n") + 1 for text in texts), default=1)
    line = LINE / POINTS / size(axes)[1]
    ends = [(name.y - low) / (high - low) for name in names]
    half = deep * line / 2
    places = spread(ends, line * (deep + 0.3), half, 1.0 - half / 2)
    away = axes.transAxes + ScaledTranslation(_AWAY, 0, sheet(axes).dpi_scale_trans)
    for name, text, place in zip(names, texts, places, strict=True):
        axes.annotate(
            text,
            (name.x, name.y),
            (1.0, place),
            textcoords=away,
            va="center",
            fontsize=SMALL,
            color=name.colour,
            linespacing=1.3,
            arrowprops={"arrowstyle": "-", "color": HAIR, "linewidth": 0.8, "shrinkA": 2, "shrinkB": 2},
            annotation_clip=False,
            zorder=1,
        )


def _wrapped(text: str, columns: int) -> str:
    return "\n".join(part for line in text.split("\n") for part in textwrap.wrap(line, columns))


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places near to where names are wanted, at least `gap` apart, from low to high."""
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
