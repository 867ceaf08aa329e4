"""CSV out: records as the table from which the same records are read again."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from registry.domain.case import Version
from registry.formats.cells import write_cell
from registry.formats.columns import columns
from registry.formats.csv.heading import ENVELOPE


def write(form: str, rows: Sequence[tuple[str, Version]]) -> str:
    """The table of one form: a row for each version of a record, (pseudonym, version), in the order given."""
    flat = [(case, version, cells_of(version)) for case, version in rows]
    used = {heading for _, _, cells in flat for heading in cells}
    headings = list(in_order(form, used))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow((*ENVELOPE, *headings))
    for case, version, cells in flat:
        envelope = (case, version.recorded_at.isoformat(), write_cell(version.reason))
        writer.writerow((*envelope, *(cells.get(heading, "") for heading in headings)))
    return text.getvalue()


def cells_of(version: Version) -> dict[str, str]:
    """The cells of a record by heading; what is null and what has its default has none."""
    content = dict(version.content.plain)
    missing: dict[str, str] = content.pop("missing", {})
    cells: dict[str, str] = {}
    for name, value in content.items():
        cells.update(_cells(version.form, name, value))
    for name, reason in missing.items():
        cells[_first_leaf(version.form, name)] = f"!{reason}"
    return cells


def _cells(form: str, heading: str, value: Any) -> Iterator[tuple[str, str]]:
    match value:
        case dict() if value:
            for name, inner in value.items():
                yield from _cells(form, f"{heading}.{name}", inner)
        case dict():
            yield _first_leaf(form, heading), "{}"
        case [dict(), *_]:
            for i, inner in enumerate(value):
                yield from _cells(form, f"{heading}[{i + 1}]", inner)
        case []:
            yield _first_leaf(form, heading, single=True), "[]"
        case _:
            yield heading, write_cell(value)


def _first_leaf(form: str, heading: str, *, single: bool = False) -> str:
    """The heading itself, or the first one of the group that it names (``single``: whose cell holds no list)."""
    path = _path(heading)
    for known, column in columns(form).items():
        if known == path:
            return heading
        if known.startswith((f"{path}.", f"{path}[].")) and not (single and column.many):
            return heading + known.removeprefix(path).replace("[]", "[1]")
    raise LookupError(f"{form} has no variable {heading}")


def _path(heading: str) -> str:
    return "".join("[]" if "[" in part else part for part in _split(heading))


def _split(heading: str) -> list[str]:
    parts = heading.replace("[", "\0[").replace("]", "]\0").split("\0")
    return [part for part in parts if part]


def in_order(form: str, used: set[str]) -> Iterator[str]:
    """The headings that are used, in the order of the dictionary; repeated groups one after the other."""
    order = {path: i for i, path in enumerate(columns(form))}

    def place(heading: str) -> tuple[Any, ...]:
        path = _path(heading)
        group = path.partition("[]")[0]
        first = next(i for known, i in order.items() if known == path or known.startswith(f"{group}[]."))
        numbers = [int(part[1:-1]) for part in _split(heading) if part.startswith("[")]
        return first, numbers, order[path]

    yield from sorted(used, key=place)
