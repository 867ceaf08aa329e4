"""Stata data file, release 118 (Stata 14 and later), UTF-8, with variable and value labels; written row by row.

Source: Stata's own description, `help dta`. Days are counted from 1 January 1960; missing is the first value above
the range of a type. A text longer than 2045 bytes is cut: no column of the registry is that wide once free text is left
out.
"""

import struct
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, BinaryIO

from registry.formats.table import Column, Table

_EPOCH = date(1960, 1, 1).toordinal()
_DOUBLE, _LONG = 65526, 65528
_NO_DOUBLE, _NO_LONG = struct.pack("<Q", 0x7FE0000000000000), struct.pack("<i", 2147483621)
_WIDEST = 2045
_NAME = 129
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def write_dta(table: Table, out: BinaryIO, made: datetime) -> None:
    """Write the table; ``made`` is the time its header gives. The file must be seekable: its map is filled last."""
    start = out.tell()
    places = [0]
    columns = table.columns
    widths = [min(width, _WIDEST) for width in table.widths]
    stamp = f"{made:%d} {_MONTHS[made.month - 1]} {made:%Y %H:%M}".encode()
    label = _cut(table.label, 80 * 4)
    out.write(
        b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>"
        + struct.pack("<H", len(columns))
        + b"</K><N>"
        + struct.pack("<Q", table.count)
        + b"</N><label>"
        + struct.pack("<H", len(label))
        + label
        + b"</label><timestamp>"
        + bytes([len(stamp)])
        + stamp
        + b"</timestamp></header>"
    )

    def section(name: str, content: bytes) -> None:
        places.append(out.tell() - start)
        out.write(f"<{name}>".encode() + content + f"</{name}>".encode())

    section("map", bytes(14 * 8))
    section("variable_types", struct.pack(f"<{len(columns)}H", *map(_type, columns, widths)))
    section("varnames", b"".join(_fixed(column.name, _NAME) for column in columns))
    section("sortlist", bytes(2 * (len(columns) + 1)))
    section("formats", b"".join(_fixed(_format(c, w), 57) for c, w in zip(columns, widths, strict=True)))
    section("value_label_names", b"".join(_fixed(_label_name(column), _NAME) for column in columns))
    section("variable_labels", b"".join(_fixed(column.label[:80], 321) for column in columns))
    section("characteristics", b"")
    places.append(out.tell() - start)
    out.write(b"<data>")
    write = [_writer(column, width) for column, width in zip(columns, widths, strict=True)]
    out.writelines(
        b"".join([put(value) for put, value in zip(write, row, strict=True)]) for row in table.rows()
    )
    out.write(b"</data>")
    section("strls", b"")
    section("value_labels", b"".join(_labels(column) for column in columns if column.labels))
    places.append(out.tell() - start)
    out.write(b"</stata_dta>")
    places.append(out.tell() - start)
    out.seek(start + places[1] + len(b"<map>"))
    out.write(struct.pack("<14q", *places))
    out.seek(0, 2)


def _type(column: Column, width: int) -> int:
    if not column.numeric:
        return width
    return _DOUBLE if column.kind == "number" else _LONG


def _format(column: Column, width: int) -> str:
    if not column.numeric:
        return f"%-{width}s"
    return {"date": "%tdCCYY-NN-DD", "number": "%10.0g"}.get(column.kind, "%12.0g")


def _label_name(column: Column) -> str:
    return column.name if column.labels else ""


def _labels(column: Column) -> bytes:
    texts = [label.encode() + b"\0" for _, label in column.labels]
    offsets = [sum(map(len, texts[:i])) for i in range(len(texts))]
    content = (
        struct.pack("<ii", len(texts), sum(map(len, texts)))
        + struct.pack(f"<{len(texts)}i", *offsets)
        + struct.pack(f"<{len(texts)}i", *(number for number, _ in column.labels))
        + b"".join(texts)
    )
    head = struct.pack("<i", len(content)) + _fixed(_label_name(column), _NAME) + bytes(3)
    return b"<lbl>" + head + content + b"</lbl>"


def _writer(column: Column, width: int) -> Callable[[Any], bytes]:
    if not column.numeric:
        return lambda text: _cut(text or "", width).ljust(width, b"\0")
    if column.kind == "number":
        double = struct.Struct("<d").pack
        return lambda number: _NO_DOUBLE if number is None else double(number)
    long = struct.Struct("<i").pack
    if column.kind == "code":
        known = {value: long(i) for i, (value, _) in enumerate(column.values, 1)}
        return lambda value: _NO_LONG if value is None else known[value]
    if column.kind == "date":
        return lambda day: _NO_LONG if day is None else long(date.fromisoformat(day).toordinal() - _EPOCH)
    return lambda number: _NO_LONG if number is None else long(number)


def _fixed(text: str, size: int) -> bytes:
    return _cut(text, size - 1).ljust(size, b"\0")


def _cut(text: str, size: int) -> bytes:
    """The text as UTF-8, cut between two characters."""
    content = text.encode()
    return content if len(content) <= size else content[:size].decode(errors="ignore").encode()
