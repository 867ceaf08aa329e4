"""What every renderer relies on. A document that breaks it is a fault of the machinery: nothing is written.

The last look before anything leaves: disclosure control has decided what to hide, and here it is made sure
that what is hidden has no number left in it.
"""

import re
from collections.abc import Iterator

from registry.domain.report.document import Cell, Document, Figure, Table

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
"""Names become file names and anchors."""


class UnsoundDocument(Exception):
    """A document that must not be rendered."""


def figures(document: Document) -> Iterator[Figure]:
    """The figures, in the order of the document."""
    for section in document.sections:
        yield from (block for block in section.blocks if isinstance(block, Figure))


def tables(document: Document) -> Iterator[Table]:
    """The tables, those of the figures included, in the order of the document."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                yield block
            elif isinstance(block, Figure) and block.table is not None:
                yield block.table


def examine(document: Document) -> None:
    """Raise `UnsoundDocument` unless names are unique and safe, rows complete, and hidden cells empty."""
    for kind, names in (
        ("section", [section.id for section in document.sections]),
        ("table", [table.id for table in tables(document)]),
        ("figure", [figure.id for figure in figures(document)]),
    ):
        for name in names:
            if not _NAME.fullmatch(name):
                raise UnsoundDocument(f"{kind} {name!r}: a name has lower-case letters, digits, - and _ only")
            if names.count(name) > 1:
                raise UnsoundDocument(f"{kind} {name!r} is there twice")
    for part in (*(block for section in document.sections for block in section.blocks), *tables(document)):
        if part.cells:
            raise UnsoundDocument(f"{part!r:.80}: has not been through disclosure control")
    for figure in figures(document):
        if not figure.alt.strip():
            raise UnsoundDocument(f"figure {figure.id!r} has no text alternative")
        if figure.staff_only and document.audience != "staff":
            raise UnsoundDocument(f"figure {figure.id!r} is for staff only and this report is not")
    for table in tables(document):
        for row in table.rows:
            if len(row.cells) not in (0, len(table.columns)):
                counts = f"{len(row.cells)} cells for {len(table.columns)} columns"
                raise UnsoundDocument(f"table {table.id!r}, row {row.head!r}: {counts}")
            for column, cell in zip(table.columns, row.cells, strict=False):
                if cell.who is not None or cell.of_who is not None:
                    raise UnsoundDocument(
                        f"table {table.id!r}, {row.head!r}, {column!r}: tells which patients"
                    )
                if cell.suppressed and _numbers(cell):
                    raise UnsoundDocument(
                        f"table {table.id!r}, {row.head!r}, {column!r}: hidden, yet has a number"
                    )


def _numbers(cell: Cell) -> bool:
    return any(part is not None for part in (cell.count, cell.of, cell.value, cell.lo, cell.hi))
