"""Flat exports: CSV with one row for each record, event, repeating instrument and instance, as raw data."""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from registry.errors import BadRequest
from registry.formats.csv.rows import Row, read_table, too_long
from registry.formats.redcap.entry import Entry, Export

PEEK = 200
"""Rows that are looked at before the first is taken: an export of labels is refused whole."""

LABELS = (
    "this export holds labels; export the project again as `CSV / Microsoft Excel (raw data)`, "
    "with raw headings and without combined checkboxes"
)

_NAME = re.compile(r"[a-z][a-z0-9_]*(____?[a-z0-9_.-]+)?")
_LABEL_HEADINGS = frozenset(
    {
        "Event Name",
        "Repeat Instrument",
        "Repeat Instance",
        "Data Access Group",
        "Survey Identifier",
        "Survey Timestamp",
        "Complete?",
    }
)
_STATUS = frozenset({"Incomplete", "Unverified", "Complete"})
_BOX = frozenset({"Checked", "Unchecked"})


def read_flat(file: BinaryIO, charset: str | None, record: str | None) -> Export:
    """The entries of a flat export. ``record`` names the field of the record id; the first one by default.

    Raises ``BadRequest`` for an export of labels, by eav, or without the record id.
    """
    table = read_table(file, charset)
    names = table.heading
    if table.head.lstrip().startswith("<"):
        raise BadRequest(
            "this is HTML or XML, not a flat export; REDCap may have run out of memory", code="not_csv"
        )
    _check(names, record)
    first = list(itertools.islice(table.rows, PEEK))
    if any(_is_labelled(names, row) for row in first):
        raise BadRequest(LABELS, code="label_export")
    at = names.index(record) if record else 0
    rows = itertools.chain(first, table.rows)
    return Export(_entries(names, at, rows), names)


def _check(names: Sequence[str], record: str | None) -> None:
    if {"record", "field_name", "value"} <= set(names):
        raise BadRequest("this export is of the type eav; export it with type flat", code="eav_export")
    if _LABEL_HEADINGS & set(names) or not all(_NAME.fullmatch(name) for name in names):
        raise BadRequest(LABELS, code="label_export")
    if len(set(names)) < len(names):
        raise BadRequest("a field stands twice in the heading", code="duplicate_column")
    if record and record not in names:
        raise BadRequest(
            f"the export has no field `{record[:60]}` for the record id; it begins with `{names[0][:60]}`",
            code="no_record_id",
        )


def _is_labelled(names: Sequence[str], row: Row) -> bool:
    return any(
        (value in _STATUS and name.endswith("_complete")) or (value in _BOX and "___" in name)
        for name, value in zip(names, row.cells, strict=False)
    )


def _entries(names: Sequence[str], at: int, rows: Iterator[Row]) -> Iterator[Entry]:
    for row in rows:
        values = {name: cell for name, cell in zip(names, row.cells, strict=False) if cell}
        yield Entry(
            record=row.cells[at] if at < len(row.cells) else "",
            event=values.pop("redcap_event_name", ""),
            instrument=values.pop("redcap_repeat_instrument", ""),
            instance=values.pop("redcap_repeat_instance", ""),
            values=values,
            line=row.line,
            fault=row.fault or too_long(row, len(names)),
        )
