"""Figures: the data of a figure in, a drawing as SVG out. One kind per file, each with a function ``draw``.

``FIGURES`` is the list. It names modules and does not import them: matplotlib takes a second to load, and the
worker and ``mps --help``, which import the renderers when they start, need it only when a report is built.

Rules for every figure: real text in one typeface that comes with matplotlib, so that the layout is the same
on every machine; blue #0072B2 and orange #B84A00 (contrast with white 5.2 each), the second group dashed as
well as coloured, at most four groups; a number that the data give as null is hidden by disclosure control and
is drawn as a dash.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

FIGURES: Mapping[str, str] = {
    "survival": "registry.render.figures.survival",
    "cumulative_incidence": "registry.render.figures.cumulative_incidence",
    "flow": "registry.render.figures.flow",
    "bars": "registry.render.figures.bars",
    "funnel": "registry.render.figures.funnel",
    "lines": "registry.render.figures.lines",
    "waterfall": "registry.render.figures.waterfall",
    "swimmer": "registry.render.figures.swimmer",
}
"""Module that draws each kind; its docstring says what data it takes."""


def drawer(kind: str) -> "Callable[[Mapping[str, Any]], Drawing]":
    """The function that draws figures of this kind.

    Raises `ValueError` for a kind that is not in `FIGURES`.
    """
    if kind not in FIGURES:
        raise ValueError(f"no figure of kind {kind!r}; there are {', '.join(FIGURES)}")
    return cast("Callable[[Mapping[str, Any]], Drawing]", import_module(FIGURES[kind]).draw)
