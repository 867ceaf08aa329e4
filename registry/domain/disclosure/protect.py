"""Disclosure control: the last step before anything leaves the registry's staff.

Staff see every number. In a public report a number of patients below the threshold, and every number from which one
could be worked out, is hidden in all tables, figures and sentences together; pictures of single patients are left out.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from registry.domain.disclosure.pictures import coarsened, drawable
from registry.domain.disclosure.quantities import Quantities, collect
from registry.domain.disclosure.suppress import to_hide
from registry.domain.report.document import Block, Cell, Document, Figure, Paragraph, Row, Section, Table

HIDDEN = "suppressed"
"""What stands in place of a hidden number, whatever the reason, so that the reason tells nothing about it."""

OF_SINGLE_PATIENTS = frozenset({"waterfall", "swimmer"})


def protect(document: Document, threshold: int) -> Document:
    """The document as its audience may see it, all texts filled and all marks of patients taken away.

    threshold  smallest number of patients a public report may tell of; 0 is always told

    What was hidden before stays hidden, so that protecting twice is protecting once.
    """
    public = document.audience == "public"
    quantities = collect(document, threshold if public else 0)
    hidden = to_hide(quantities, threshold) if public else set()
    judge = _Judge(quantities, hidden, threshold)
    return document.with_sections(
        tuple(
            Section(
                section.id,
                section.title,
                tuple(
                    _block(block, judge, public)
                    for block in section.blocks
                    if not (public and _of_staff(block))
                ),
            )
            for section in document.sections
        )
    )


class _Judge:
    """Says of each cell what may be printed of it."""

    def __init__(self, quantities: Quantities, hidden: set[int], threshold: int) -> None:
        self.quantities, self.hidden, self.threshold = quantities, hidden, threshold

    def __call__(self, cell: Cell) -> Cell:
        bare = replace(cell, who=None, of_who=None)
        if not self.hidden or self.hidden.isdisjoint(self.quantities.of(cell)):
            return bare
        if cell.count is None and cell.of is not None and cell.of >= self.threshold:
            return replace(
                bare, of=None
            )  # an estimate from enough patients, who must not be counted for the reader
        return Cell(HIDDEN, suppressed=f"1 to {self.threshold - 1}, or would tell such a number")


def _of_staff(block: Block) -> bool:
    return isinstance(block, Figure) and (block.staff_only or block.kind in OF_SINGLE_PATIENTS)


def _block(block: Block, judge: _Judge, public: bool) -> Block:
    if isinstance(block, Paragraph):
        return Paragraph(_filled(block.text, block.cells, judge), block.kind)
    if isinstance(block, Table):
        return _table(block, judge)
    data = _data(block.data, judge)
    if not drawable(block.kind, data):
        return (
            _table(block.table, judge)
            if block.table
            else Paragraph("A figure is left out to protect patients.")
        )
    return replace(
        block,
        caption=_filled(block.caption, block.cells, judge),
        alt=_filled(block.alt, block.cells, judge),
        data=coarsened(block.kind, data) if public else data,
        table=_table(block.table, judge) if block.table else None,
        cells={},
    )


def _table(table: Table, judge: _Judge) -> Table:
    return replace(
        table,
        caption=_filled(table.caption, table.cells, judge),
        notes=tuple(_filled(note, table.cells, judge) for note in table.notes),
        rows=tuple(Row(row.head, tuple(map(judge, row.cells)), row.level) for row in table.rows),
        cells={},
    )


def _filled(text: str, cells: Mapping[str, Cell], judge: _Judge) -> str:
    """The text with its cells put in; a text without cells is taken as it is, braces and all."""
    return text.format_map({name: judge(cell).text for name, cell in cells.items()}) if cells else text


def _data(data: Any, judge: _Judge) -> Any:
    if isinstance(data, Cell):
        shown = judge(data)
        return shown.count if shown.value is None else shown.value
    if isinstance(data, Paragraph):
        return _filled(data.text, data.cells, judge)
    if isinstance(data, Mapping):
        return {name: _data(value, judge) for name, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_data(value, judge) for value in data]
    return data
