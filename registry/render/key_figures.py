"""Key figures: the answers at the head of a report, as cards when they are short and as sentences when not.

A key figure is written ``what: figure (detail)``: ``Median survival: 7.4 months (95 % CI 5.6 to 9.1)``.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

BRIEF = 24
"""A figure with more characters can not be set large."""

_FORM = re.compile(r"(?P<what>[^:]+):\s+(?P<figure>.+?)(?:\s+\((?P<detail>[^()]*)\))?\.?", re.DOTALL)


class KeyFigure(NamedTuple):
    """What it is of, the figure, its interval or numbers; ``what`` is empty for a text without a colon."""

    what: str
    figure: str
    detail: str

    @property
    def said(self) -> str:
        """Figure and detail as they were written."""
        return f"{self.figure} ({self.detail})" if self.detail else self.figure


class Strip(NamedTuple):
    """Key figures that stand together: all of them as cards, or all of them as sentences."""

    cards: bool
    figures: tuple[KeyFigure, ...]


def strip_of(texts: Iterable[str]) -> Strip:
    """The strip of these paragraphs."""
    figures = tuple(key_figure(text) for text in texts)
    return Strip(all(one.what and len(one.figure) <= BRIEF for one in figures), figures)


def key_figure(text: str) -> KeyFigure:
    """``what: figure (detail)`` taken apart; a text of another form is the figure, whole."""
    found = _FORM.fullmatch(text.strip())
    return (
        KeyFigure(found["what"], found["figure"], found["detail"] or "") if found else KeyFigure("", text, "")
    )
