"""A finished report as files: the page, the numbers, the tables, the figures.

A pure function of the document: the same document gives the same bytes, again and in another process. Nothing
here reads a clock, a locale or a random number.
"""

from dataclasses import dataclass

from registry.domain.report.document import Document
from registry.render.csv import csv_of
from registry.render.figures.svg import draw
from registry.render.html import html_of
from registry.render.json import json_of
from registry.render.soundness import examine, figures, tables


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """One file of a report; the name may have a folder (``tables/t1_baseline.csv``)."""

    name: str
    media_type: str
    content: bytes


def render(document: Document) -> list[RenderedFile]:
    """``report.html``, ``report.json``, a CSV for each table and an SVG for each figure, in their order.

    Raises `UnsoundDocument` for one that must not be rendered (a hidden cell with a number in it, a name used
    twice), `ValueError` or `KeyError` for figures whose data do not fit their kind.
    """
    examine(document)
    drawn = {figure.id: draw(figure) for figure in figures(document)}
    pictures = {name: picture.inline for name, picture in drawn.items()}
    return [
        RenderedFile("report.html", "text/html; charset=utf-8", html_of(document, pictures)),
        RenderedFile("report.json", "application/json", json_of(document)),
        *(
            RenderedFile(f"tables/{table.id}.csv", "text/csv; charset=utf-8", csv_of(table))
            for table in tables(document)
        ),
        *(
            RenderedFile(f"figures/{name}.svg", "image/svg+xml", picture.file.encode())
            for name, picture in drawn.items()
        ),
    ]
