"""SPSS system file (.sav), uncompressed, UTF-8, with variable and value labels; written row by row.

The layout is not published by its maker; this follows the description in the PSPP developers' guide, "System File
Format". Numbers are doubles, dates are seconds since 14 October 1582, missing is the most negative double.
"""

import struct
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

from registry.formats.table import Column, Table

_MISSING = -1.7976931348623157e308
_LOWEST = -1.7976931348623155e308
_EPOCH = date(1582, 10, 14).toordinal()
_F, _A, _DATE = 5, 1, 20  # print formats
_LONG = 255
"""Longest string; a longer one is kept in segments of which all but the last are this long."""
_STEP = 252
"""Width a segment stands for when they are counted."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def write_sav(table: Table, out: BinaryIO, made: datetime) -> None:
    """Write the table; ``made`` is the time its header gives."""
    pieces = [list(_pieces(column, width)) for column, width in zip(table.columns, table.widths, strict=True)]
    flat = [width for widths in pieces for width in widths]
    elements = sum(max(1, -(-width // 8)) for width in flat)
    out.write(_header(table, elements, made))
    names = iter(range(1, len(flat) + 1))
    short = [[f"V{next(names)}" for _ in widths] for widths in pieces]
    for column, widths, codes in zip(table.columns, pieces, short, strict=True):
        out.writelines(
            _variable(code, width, column, labelled=i == 0)
            for i, (width, code) in enumerate(zip(widths, codes, strict=True))
        )
    out.write(_value_labels(table, pieces))
    out.write(_extensions(table, pieces, short))
    out.write(struct.pack("<ii", 999, 0))
    write = [_writer(column, widths) for column, widths in zip(table.columns, pieces, strict=True)]
    out.writelines(
        b"".join([put(value) for put, value in zip(write, row, strict=True)]) for row in table.rows()
    )


def _pieces(column: Column, width: int) -> Iterator[int]:
    """Widths of the variables that hold a column: 0 for a number, several for a very long string."""
    if column.numeric:
        yield 0
    elif width <= _LONG:
        yield width
    else:
        segments = -(-width // _STEP)
        yield from [_LONG] * (segments - 1)
        yield width - (segments - 1) * _STEP


def _header(table: Table, elements: int, made: datetime) -> bytes:
    when = f"{made:%d} {_MONTHS[made.month - 1]} {made:%y}{made:%H:%M:%S}"
    return (
        b"$FL2"
        + _padded("@(#) SPSS DATA FILE mps", 60)
        + struct.pack("<iiiiid", 2, elements, 0, 0, table.count if table.count < 2**31 else -1, 100.0)
        + when.encode()
        + _padded(table.label, 64)
        + bytes(3)
    )


def _variable(code: str, width: int, column: Column, *, labelled: bool) -> bytes:
    if width:
        shown = _A << 16 | min(width, _LONG) << 8
    elif column.kind == "date":
        shown = _DATE << 16 | 11 << 8
    else:
        shown = _F << 16 | 12 << 8 | (3 if column.kind == "number" else 0)
    label = _cut(column.label, 255) if labelled else b""
    record = struct.pack("<iiiiii", 2, width, bool(label), 0, shown, shown) + _padded(code, 8)
    if label:
        record += struct.pack("<i", len(label)) + label + bytes(-len(label) % 4)
    continued = struct.pack("<iiiiii", 2, -1, 0, 0, 0, 0) + _padded("", 8)
    return record + continued * (-(-width // 8) - 1 if width else 0)


def _value_labels(table: Table, pieces: list[list[int]]) -> bytes:
    found = bytearray()
    place = 1
    for column, widths in zip(table.columns, pieces, strict=True):
        if column.numeric and column.labels:
            found += struct.pack("<ii", 3, len(column.labels))
            for number, label in column.labels:
                text = _cut(label, 120)
                found += struct.pack("<dB", number, len(text)) + text + b" " * (-(len(text) + 1) % 8)
            found += struct.pack("<iii", 4, 1, place)
        place += sum(max(1, -(-width // 8)) for width in widths)
    return bytes(found)


def _extensions(table: Table, pieces: list[list[int]], short: list[list[str]]) -> bytes:
    integers = struct.pack("<8i", 1, 0, 0, -1, 1, 1, 2, 65001)
    floats = struct.pack("<3d", _MISSING, -_MISSING, _LOWEST)
    measure = b"".join(
        struct.pack("<iii", _measure(column), 12, 0 if column.numeric else 1)
        for column, widths in zip(table.columns, pieces, strict=True)
        for _ in widths
    )
    names = "\t".join(f"{code[0]}={column.name}" for code, column in zip(short, table.columns, strict=True))
    found = (
        _extension(3, 4, integers)
        + _extension(4, 8, floats)
        + _extension(11, 4, measure)
        + _extension(13, 1, names.encode())
    )
    long = [
        f"{code[0]}={width:05}\0\t"
        for code, widths, width in zip(short, pieces, table.widths, strict=True)
        if len(widths) > 1
    ]
    if long:
        found += _extension(14, 1, "".join(long).encode())
    return found + _extension(16, 8, struct.pack("<qq", 1, table.count)) + _extension(20, 1, b"UTF-8")


def _extension(kind: int, size: int, content: bytes) -> bytes:
    return struct.pack("<iiii", 7, kind, size, len(content) // size) + content


def _measure(column: Column) -> int:
    """1 nominal, 3 scale."""
    return 3 if column.kind in ("number", "integer", "date") and not column.values else 1


def _writer(column: Column, widths: list[int]) -> Callable[[Any], bytes]:
    if not column.numeric:
        room = [-(-width // 8) * 8 for width in widths]
        return lambda text: _string(text or "", widths, room)
    pack, missing = struct.Struct("<d").pack, struct.pack("<d", _MISSING)
    if column.kind == "code":
        known = {value: pack(i) for i, (value, _) in enumerate(column.values, 1)}
        return lambda value: missing if value is None else known[value]
    if column.kind == "date":
        return lambda day: (
            missing if day is None else pack((date.fromisoformat(day).toordinal() - _EPOCH) * 86_400)
        )
    return lambda number: missing if number is None else pack(number)


def _string(text: str, widths: list[int], room: list[int]) -> bytes:
    content = text.encode()
    if len(widths) == 1:
        return content.ljust(room[0])
    parts = [content[i * _LONG : (i + 1) * _LONG] for i in range(len(widths))]
    return b"".join(part.ljust(space) for part, space in zip(parts, room, strict=True))


def _padded(text: str, size: int) -> bytes:
    return _cut(text, size).ljust(size)


def _cut(text: str, size: int) -> bytes:
    """The text as UTF-8, cut between two characters."""
    return text.encode()[:size].decode(errors="ignore").encode()
