"""Colours and strokes of the figures, on white and, for a page shown dark, on black.

Blue and orange are told apart in deuteranopia, protanopia and grey; both have a contrast of 5.2 with white,
so that a label may have the colour of its line. Colour never stands alone: every stroke has its own dashes,
every filling its own place and label.
"""

from dataclasses import dataclass
from typing import NamedTuple

PAPER = "#ffffff"
INK = "#1b1b1b"
MUTED = "#5c5c5c"
GREY = "#767676"
HAIR = "#dcdcdc"
BLUE = "#0072b2"
ORANGE = "#b84a00"
LIGHT_BLUE = "#a9d0ea"
LIGHT_ORANGE = "#f3c6a5"
PALE = "#efefef"


class Stroke(NamedTuple):
    """The line of one group: its colour and its dashes (where they begin; on, off, ... in line widths)."""

    colour: str
    dashes: str | tuple[float, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Fill:
    """The filling of one category, its outline, and the colour of text upon it."""

    colour: str
    text: str
    edge: str = PAPER


STROKES = (
    Stroke(BLUE, "-"),
    Stroke(ORANGE, (0, (5, 2))),
    Stroke(INK, (0, (6, 2, 1, 2))),
    Stroke(GREY, (0, (2, 1.5))),
)
"""At most four groups in one figure; more become several figures."""

TONES = {
    "best": Fill(BLUE, PAPER),
    "good": Fill(LIGHT_BLUE, INK),
    "neither": Fill(HAIR, INK),
    "bad": Fill(ORANGE, PAPER),
    "unknown": Fill(PALE, INK, GREY),
    "lost": Fill(GREY, PAPER),
}
"""In the order in which categories take them that ask for none."""

DARK = {
    PAPER: "#1d2024",
    INK: "#e9e9e7",
    MUTED: "#b4b6b8",
    GREY: "#9a9c9e",
    HAIR: "#4b4f55",
    BLUE: "#62b6ea",
    ORANGE: "#f0985c",
    LIGHT_BLUE: "#24557a",
    LIGHT_ORANGE: "#74401c",
    PALE: "#2b2f34",
}
"""What each colour becomes on a dark page; text on fillings keeps its contrast: both are exchanged."""


def stroke(index: int) -> Stroke:
    """The stroke of the group at this place; `ValueError` from the fifth on."""
    if index >= len(STROKES):
        raise ValueError(f"a figure shows at most {len(STROKES)} groups; make several figures of more")
    return STROKES[index]


def fill(index: int) -> Fill:
    """The filling of the category at this place; `ValueError` from the seventh on."""
    if index >= len(TONES):
        raise ValueError(f"a figure shows at most {len(TONES)} categories")
    return tuple(TONES.values())[index]
