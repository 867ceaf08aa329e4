"""CSV in: each row becomes one submission, or is refused with its line and what to do."""

import contextlib
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO

from registry.domain.findings import Finding
from registry.domain.forms import FORMS_BY_NAME
from registry.errors import BadRequest
from registry.formats import cells
from registry.formats.cells import Style, Unclear, read_cell, read_text
from registry.formats.columns import Occupied, plain, put
from registry.formats.csv.heading import Heading, Target, read_heading
from registry.formats.csv.rows import Row, read_table, too_long
from registry.formats.item import Incoming, Item, Options, item_of, refusal

Records = dict[str, dict[int, dict[Any, Any]]]
"""Records of a row by form and number."""


def read(file: BinaryIO, options: Options) -> Incoming:
    """The submissions in a table, made as they are asked for. Raises ``BadRequest`` for the file as a whole."""
    table = read_table(file, options.charset)
    heading = read_heading(table.heading, Style(decimal_comma=table.delimiter != ","), options.form)
    if "recorded_at" not in heading.envelope and options.recorded_at is None:
        raise BadRequest(
            "nobody said when this was recorded: add a column `recorded_at`, or send `recorded_at` with the file "
            "(2026-03-04T09:12:00+09:00)",
            code="no_recorded_at",
        )
    return Incoming(map(partial(_item, heading, options), table.rows), table.notes, table.head)


def _item(heading: Heading, options: Options, row: Row) -> Item:
    source = row.text.encode("utf-8", "surrogateescape")
    place = f"line {row.line}"
    fault = row.fault or too_long(row, len(heading.cells))
    if fault:
        return Item(place, None, (fault,), source)
    problems: list[Finding] = []
    records: Records = {}
    for index, target in heading.targets:
        if index < len(row.cells) and (text := row.cells[index]):
            _take(records, target, text, heading.cells[index], problems)
    document: dict[str, object] = {"forms": dict(_forms(records))}
    for name, index in heading.envelope.items():
        document[name] = (row.cells[index] if index < len(row.cells) else "") or None
    document["recorded_at"] = document.get("recorded_at") or options.recorded_at
    document["reason"] = read_text(str(document.get("reason") or "")) or options.reason
    return item_of(place, document, problems, source)


def _take(records: Records, target: Target, text: str, name: str, problems: list[Finding]) -> None:
    record = records.setdefault(target.form, {}).setdefault(target.number, {})
    try:
        value = read_cell(text, target.column, target.style)
        cells.place(record, target.column, target.steps, value)
    except Unclear as unclear:
        with contextlib.suppress(Occupied):
            put(record, target.steps, text)  # so that the place is not also called empty
        place = f"/{target.number}" if FORMS_BY_NAME[target.form].KEY else ""
        pointer = f"/forms/{target.form}{place}" + "".join(f"/{step}" for step in target.steps)
        problems.append(refusal(unclear.code, pointer, f"`{name}`: {unclear}", target.form))


def _forms(records: Records) -> Iterator[tuple[str, Any]]:
    for form, numbered in records.items():
        found = [plain(numbered[number]) for number in sorted(numbered)]
        yield form, found if FORMS_BY_NAME[form].KEY else found[0]
