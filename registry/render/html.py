"""The report as one page: nothing is loaded from anywhere, nothing runs.

A caption that begins with the number of its table or figure (``Table 4. Response ...``) has the number set
off; the numbers are those of the analysis plan, so they are given and not counted. Key figures that follow
each other become one strip.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC
from functools import cache
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from registry.domain.report.document import Block, Cell, Document, Figure, Paragraph, Row, Section, Table
from registry.render import hidden
from registry.render.figures.palette import DARK
from registry.render.key_figures import strip_of

WIDE, WORDY = 7, 5
"""Tables with more columns than the first are printed on a page turned on its side, and those with as many
columns of words as the second."""

LONG = 24
"""Tables with more rows may be broken between pages."""

_CAPTION = re.compile(r"(?P<number>(?:Table|Figure) \w+\.)\s+(?P<words>.+)", re.DOTALL)
_BRACKETS = re.compile(r"(\([^()]*\))")
_INTERVAL = re.compile(r"\([^()]*–[^()]*%\)$")
_BREAK = Markup("<wbr>")
_NUMERIC = re.compile(r"[<>≤≥~±−–+-]?\s*\d")
_SENTENCE = 32
"""A column with a longer text is read, not compared, and is set from the left."""


def html_of(document: Document, pictures: Mapping[str, str]) -> bytes:
    """The page in UTF-8. pictures: the inline SVG of each figure by its id."""
    page = _template().render(
        document=document,
        sections=[_section(section, pictures) for section in document.sections],
        as_of=f"{document.as_of.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        running=_css_string(document.title),
        cutoff=_css_string(f"Clinical data up to {document.cutoff.isoformat()}"),
        snapshot=_css_string(f"Snapshot {document.snapshot[:16]}"),
        dark=DARK,
    )
    return page.encode()


def caption_of(caption: str) -> tuple[str, str]:
    """The number at the head of a caption (``Table 4.``), empty where there is none, and the rest."""
    found = _CAPTION.fullmatch(caption)
    return (found["number"], found["words"]) if found else ("", caption)


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


def _section(section: Section, pictures: Mapping[str, str]) -> dict[str, Any]:
    blocks = list(_blocks(section, pictures))
    shown = [block for block in blocks if block["type"] in ("table", "figure")]
    return {
        "id": section.id,
        "title": section.title,
        "blocks": blocks,
        # The heading goes with a table that is printed sideways, or it would be left alone before it.
        "sideways": bool(shown) and shown[0].get("wide", False),
    }


def _blocks(section: Section, pictures: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for is_key, group in groupby(section.blocks, lambda b: isinstance(b, Paragraph) and b.kind == "key"):
        if is_key:
            yield {"type": "keys", "strip": strip_of(b.text for b in group if isinstance(b, Paragraph))}
        else:
            yield from (_block(block, pictures) for block in group)


def _block(block: Block, pictures: Mapping[str, str]) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {"type": "paragraph", "paragraph": block}
        case Table():
            return {"type": "table"} | _table(block)
        case Figure():
            inner = None if block.table is None else _table(block.table)
            picture = Markup(pictures[block.id])  # drawn here, with every text in it escaped
            return {
                "type": "figure",
                "figure": block,
                "caption": caption_of(block.caption),
                "picture": picture,
                "inner": inner,
            }


def _table(table: Table) -> dict[str, Any]:
    numeric = numeric_columns(table)
    wordy = numeric.count(False) >= WORDY
    reasons = dict.fromkeys(cell.suppressed for row in table.rows for cell in row.cells if cell.suppressed)
    return {
        "table": table,
        "caption": caption_of(table.caption),
        "parts": _parts(table),
        "numeric": numeric,
        "wide": len(numeric) > WIDE or wordy,
        "wordy": wordy,
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


def _intervals_whole(text: str) -> Markup:
    """A figure whose brackets are not broken between lines, and begin one where it gets tight: 12/37 = 32 % (18–50 %)."""
    bracket = Markup('{}<span class="whole">{}</span>')
    parts = _BRACKETS.split(str(_kept_together(text)))
    return Markup("").join(
        bracket.format(_BREAK if _INTERVAL.match(part) else "", part) if part.startswith("(") else part
        for part in parts
    )


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
    environment.filters["intervals_whole"] = _intervals_whole
    return environment.get_template("report.html.j2")
