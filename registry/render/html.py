"""The report as one page: nothing is loaded from anywhere, nothing runs.

Tables and figures are numbered here, in the order they appear, so captions come without numbers. A paragraph
of kind ``key`` is written ``what: figure (detail)``; those that follow each other become one strip of key
figures.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC
from functools import cache
from itertools import count, groupby
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from registry.domain.report.document import Block, Cell, Document, Figure, Paragraph, Row, Section, Table
from registry.render import hidden
from registry.render.figures.palette import DARK

WIDE = 7
"""Tables with more columns are printed on a page turned on its side."""

LONG = 24
"""Tables with more rows may be broken between pages."""

_KEY = re.compile(r"(?P<what>[^:]+):\s+(?P<figure>.+?)(?:\s+\((?P<detail>[^()]*)\))?\.?")
_NUMERIC = re.compile(r"[<>≤≥~±−–+-]?\s*\d")
_SENTENCE = 32
"""A column with a longer text is read, not compared, and is set from the left."""


class KeyFigure(NamedTuple):
    """A key figure: what it is of, the figure, and its interval or numbers."""

    what: str
    figure: str
    detail: str


def html_of(document: Document, pictures: Mapping[str, str]) -> bytes:
    """The page in UTF-8. pictures: the inline SVG of each figure by its id."""
    tables, figures = count(1), count(1)
    sections = [_section(section, tables, figures, pictures) for section in document.sections]
    page = _template().render(
        document=document,
        sections=sections,
        as_of=f"{document.as_of.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        running=_css_string(document.title),
        cutoff=_css_string(f"Clinical data up to {document.cutoff.isoformat()}"),
        snapshot=_css_string(f"Snapshot {document.snapshot[:16]}"),
        dark=DARK,
    )
    return page.encode()


def key_figure(text: str) -> KeyFigure:
    """``what: figure (detail)`` taken apart; a text of another form is all ``what``."""
    found = _KEY.fullmatch(text.strip())
    return (
        KeyFigure(found["what"], found["figure"], found["detail"] or "") if found else KeyFigure(text, "", "")
    )


def numeric_columns(table: Table) -> tuple[bool, ...]:
    """For each column, whether its cells are figures to be compared, and are set from the right."""
    rows = [row.cells for row in table.rows if row.cells]
    return tuple(_numeric([cells[index] for cells in rows]) for index in range(len(table.columns)))


def _numeric(cells: list[Cell]) -> bool:
    texts = [cell.text for cell in cells if cell.text and not cell.suppressed]
    if any(len(text) > _SENTENCE for text in texts):
        return False
    figures = sum(_NUMERIC.match(text) is not None for text in texts)
    return figures * 3 >= len(texts) if texts else any(cell.suppressed for cell in cells)


def _section(
    section: Section, tables: Iterator[int], figures: Iterator[int], pictures: Mapping[str, str]
) -> dict[str, Any]:
    blocks = list(_blocks(section, tables, figures, pictures))
    shown = [block for block in blocks if block["type"] in ("table", "figure")]
    return {
        "id": section.id,
        "title": section.title,
        "blocks": blocks,
        # The heading goes with a table that is printed sideways, or it would be left alone before it.
        "sideways": bool(shown) and shown[0].get("wide", False),
    }


def _blocks(
    section: Section, tables: Iterator[int], figures: Iterator[int], pictures: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    for is_key, group in groupby(section.blocks, lambda b: isinstance(b, Paragraph) and b.kind == "key"):
        if is_key:
            yield {"type": "keys", "strip": [key_figure(b.text) for b in group if isinstance(b, Paragraph)]}
        else:
            yield from (_block(block, tables, figures, pictures) for block in group)


def _block(
    block: Block, tables: Iterator[int], figures: Iterator[int], pictures: Mapping[str, str]
) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {"type": "paragraph", "paragraph": block}
        case Table():
            return {"type": "table", "name": f"Table {next(tables)}"} | _table(block)
        case Figure():
            inner = None if block.table is None else _table(block.table)
            picture = Markup(pictures[block.id])  # drawn here, with every text in it escaped
            return {
                "type": "figure",
                "name": f"Figure {next(figures)}",
                "figure": block,
                "picture": picture,
                "inner": inner,
            }


def _table(table: Table) -> dict[str, Any]:
    reasons = dict.fromkeys(cell.suppressed for row in table.rows for cell in row.cells if cell.suppressed)
    return {
        "table": table,
        "parts": _parts(table),
        "numeric": numeric_columns(table),
        "wide": len(table.columns) > WIDE,
        "long": len(table.rows) > LONG,
        "mark": hidden.MARK,
        "notes": (*table.notes, *(f"{hidden.MARK}: {reason}." for reason in reasons)),
    }


def _parts(table: Table) -> list[list[Row]]:
    """The rows, parted before each row without cells, which heads those that follow it."""
    parts: list[list[Row]] = []
    for row in table.rows:
        if not parts or not row.cells:
            parts.append([])
        parts[-1].append(row)
    return parts


def _css_string(text: str) -> Markup:
    """A text as a string of CSS: what is not plain is written by its number and can not end the string."""
    plain = (c if c.isascii() and (c.isalnum() or c in " .,:-") else f"\\{ord(c):06x}" for c in text)
    return Markup(f'"{"".join(plain)}"')


def _kept_together(printed: object) -> object:
    """No line ends between a number and its percent sign."""
    plain = isinstance(printed, str) and not isinstance(printed, Markup)
    return str(printed).replace(" %", "\u00a0%") if plain else printed


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("registry.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_kept_together,
    )
    return environment.get_template("report.html.j2")
