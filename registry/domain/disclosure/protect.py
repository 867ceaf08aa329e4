"""Disclosure control: the last step before anything leaves the registry's staff.

Staff see every number. In a public report a number of patients below the threshold, and every number from which one
could be worked out, is hidden in all tables, figures and sentences together; pictures of single patients are left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from registry.domain.disclosure.judgement import Judgement, judge
from registry.domain.disclosure.pictures import coarsened, drawable
from registry.domain.disclosure.quantities import collect, placed_cells
from registry.domain.disclosure.series import Edition
from registry.domain.report.document import Block, Cell, Document, Figure, Paragraph, Row, Section, Table

HIDDEN = "suppressed"
"""What stands in place of a hidden number, whatever the reason, so that the reason tells nothing about it."""

OF_SINGLE_PATIENTS = frozenset({"waterfall", "swimmer"})


def protect(document: Document, threshold: int, editions: Sequence[Edition] = ()) -> Document:
    """The document as its audience may see it, all texts filled and all marks of patients taken away.

    threshold  smallest number of patients a public report may tell of; 0 is always told
    editions   what was published before: nothing may follow from the two together, either

    What was hidden before stays hidden, so that protecting twice is protecting once.
    """
    if document.audience != "public":
        collect(document, 0)  # raises where a section declares a sum that is none
        return told(document, None)
    return told(document, judge(document, threshold, editions))


def told(document: Document, judgement: Judgement | None) -> Document:
    """The document by a judgement; without one everything is told."""
    public, judge_cell = judgement is not None, _Judge(judgement)
    sections = tuple(
        Section(
            section.id,
            section.title,
            tuple(
                _block(block, judge_cell, public)
                for block in section.blocks
                if not (public and _of_staff(block))
            ),
        )
        for section in document.sections
    )
    return replace(document, sections=sections, patients=(), insiders={})


class _Judge:
    """Says of each cell what may be printed of it."""

    def __init__(self, judgement: Judgement | None) -> None:
        self._judgement = judgement

    def __call__(self, cell: Cell) -> Cell:
        bare = replace(cell, who=None, of_who=None, tells=(), few_missing=None, rests_on=None)
        found = self._judgement
        if found is None:
            return bare
        mark = f"1 to {found.threshold - 1}, or would tell such a number"
        if cell.rests_on is not None and cell.rests_on in found.figures:
            return Cell(HIDDEN, suppressed=mark)
        numbers = found.quantities.of(cell)
        values = found.quantities.values
        # A wall: whatever was judged, few are never told.
        hidden = {n for n in numbers if n in found.hidden or 0 < values[n] < found.threshold}
        if not hidden:
            return bare
        if cell.few_missing is not None and 0 < (cell.of or 0) - (cell.count or 0) < found.threshold:
            return Cell(cell.few_missing)
        if (
            cell.count is None
            and cell.of is not None
            and cell.of >= found.threshold
            and hidden == {numbers[0]}
        ):
            return replace(bare, of=None)  # from enough patients, who must not be counted for the reader
        return Cell(HIDDEN, suppressed=mark)


def _of_staff(block: Block) -> bool:
    return isinstance(block, Figure) and (block.staff_only or block.kind in OF_SINGLE_PATIENTS)


def _block(block: Block, judge: _Judge, public: bool) -> Block:
    if isinstance(block, Paragraph):
        return Paragraph(_filled(block.text, block.cells, judge), block.kind)
    if isinstance(block, Table):
        return _table(block, judge)
    data = _data(block.data, judge)
    if public:
        data = coarsened(block.kind, data)
    if not drawable(block.kind, data):
        return (
            _table(block.table, judge)
            if block.table
            else Paragraph("A figure is left out to protect patients.")
        )
    caption = _filled(block.caption, block.cells, judge)
    if public and any(
        judge(cell).suppressed for _, cell in placed_cells("", replace(block, table=None, cells={}))
    ):
        caption += " What is hidden to protect patients is left out or is a dash."
    return replace(
        block,
        caption=caption,
        alt=_filled(block.alt, block.cells, judge),
        data=data,
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
    return text.format_map({name: _said(judge(cell)) for name, cell in cells.items()}) if cells else text


def _said(cell: Cell) -> str:
    """The cell in a sentence, where a hidden number must not be taken for a word of it."""
    return f"[{cell.text}]" if cell.suppressed else cell.text


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
