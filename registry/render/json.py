"""The report as JSON: every number with its numerator, denominator, interval and method.

    {"title", "number", "audience", "cutoff", "as_of", "snapshot", "versions",
     "sections": [{"id", "title", "blocks": [
        {"type": "paragraph", "kind", "text"},
        {"type": "table", "id", "caption", "corner", "columns", "notes",
         "rows": [{"head", "level", "cells": [
            {"text", "value", "count", "of", "lo", "hi", "method", "suppressed"}]}]},
        {"type": "figure", "id", "kind", "caption", "alt", "data", "table"}]}]}

Numbers are unrounded; in a public report estimates, means and quartiles have the digits that are printed.
``suppressed`` is null, or says in words why the cell is hidden; such a cell has the text "suppressed" and null
everywhere else.
"""

import json
from typing import Any

from registry.domain.report.document import Block, Cell, Document, Figure, Paragraph, Table
from registry.render import hidden


def json_of(document: Document) -> bytes:
    """The document in UTF-8, indented by one space so that two reports can be compared line by line.

    Raises `ValueError` for a number that JSON does not know (a NaN, an infinity).
    """
    return (json.dumps(_document(document), ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def _document(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "number": document.number,
        "audience": document.audience,
        "cutoff": document.cutoff.isoformat(),
        "as_of": document.as_of.isoformat(),
        "snapshot": document.snapshot,
        "versions": dict(document.versions),
        "sections": [
            {"id": section.id, "title": section.title, "blocks": [_block(block) for block in section.blocks]}
            for section in document.sections
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {"type": "paragraph", "kind": block.kind, "text": block.text}
        case Table():
            return {"type": "table"} | _table(block)
        case Figure():
            return {
                "type": "figure",
                "id": block.id,
                "kind": block.kind,
                "caption": block.caption,
                "alt": block.alt,
                "data": dict(block.data),
                "table": None if block.table is None else _table(block.table),
            }


def _table(table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "caption": table.caption,
        "corner": table.corner,
        "columns": list(table.columns),
        "rows": [
            {"head": row.head, "level": row.level, "cells": [_cell(cell) for cell in row.cells]}
            for row in table.rows
        ],
        "notes": list(table.notes),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    if cell.suppressed:
        cell = Cell(text=hidden.MARK, suppressed=cell.suppressed)
    return {
        "text": cell.text,
        "value": cell.value,
        "count": cell.count,
        "of": cell.of,
        "lo": cell.lo,
        "hi": cell.hi,
        "method": cell.method,
        "suppressed": cell.suppressed,
    }
