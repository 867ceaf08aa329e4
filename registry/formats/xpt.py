"""SAS transport file, version 5, as the FDA takes it: one data set, written row by row.

Source: SAS technical note TS-140, "Record layout of a SAS version 5 or 6 data set in SAS transport format". Numbers are
IBM hexadecimal doubles, days are counted from 1 January 1960, texts are ASCII of at most 200 bytes, names have at most 8
characters and labels 40.
"""

import struct
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime
from math import frexp
from typing import Any, BinaryIO

from registry.formats.table import Column, Table

_EPOCH = date(1960, 1, 1).toordinal()
_MISSING = b"." + bytes(7)
_WIDEST = 200
_NUMBER, _TEXT = 1, 2
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")

_TYPOGRAPHY = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "≥": ">=",
        "≤": "<=",
        "µ": "u",
        "μ": "u",
        "ß": "ss",
    }
)


def write_xpt(table: Table, out: BinaryIO, made: datetime) -> None:
    """Write the table; ``made`` is the time its headers give. Raises ValueError for a name or label that is too long."""
    columns = table.columns
    for column in columns:
        if not (len(column.name) <= 8 and column.name.isascii() and len(column.label) <= 40):
            raise ValueError(f"{table.name}.{column.name}: at most 8 characters of name and 40 of label")
    sizes = [
        min(width, _WIDEST) if not c.numeric else 8 for c, width in zip(columns, table.widths, strict=True)
    ]
    stamp = f"{made:%d}{_MONTHS[made.month - 1]}{made:%y}:{made:%H:%M:%S}".encode()
    out.write(_library(stamp) + _member(table, stamp) + _namestrs(columns, sizes))
    write = [_writer(column, size) for column, size in zip(columns, sizes, strict=True)]
    length = 0
    for row in table.rows():
        length += out.write(b"".join([put(value) for put, value in zip(write, row, strict=True)]))
    out.write(b" " * (-length % 80))


def plain_ascii(text: str) -> str:
    """The text as a transport file can hold it: letters without their accents, what has no plain form as ``?``."""
    if text.isascii():
        return text
    letters = unicodedata.normalize("NFKD", text.translate(_TYPOGRAPHY))
    return "".join(c for c in letters if not unicodedata.combining(c)).encode("ascii", "replace").decode()


def ibm(value: float) -> bytes:
    """A number as an IBM System/360 double: sign, exponent of 16 with bias 64, 56 bits of fraction."""
    if value == 0:
        return bytes(8)
    fraction, exponent = frexp(abs(value))
    shift = -exponent % 4
    bits = int(fraction * (1 << 56)) >> shift
    return ((value < 0) << 63 | ((exponent + shift) // 4 + 64) << 56 | bits).to_bytes(8, "big")


def _header(name: str, numbers: str) -> bytes:
    return f"HEADER RECORD*******{name:8}HEADER RECORD!!!!!!!{numbers:<30}".encode().ljust(80)


def _library(stamp: bytes) -> bytes:
    return (
        _header("LIBRARY", "0" * 30)
        + _text("SAS", 8) * 2
        + _text("SASLIB", 8)
        + _text("9.4", 8)
        + _text("MPS", 8)
        + b" " * 24
        + stamp
        + stamp.ljust(80)
    )


def _member(table: Table, stamp: bytes) -> bytes:
    return (
        _header("MEMBER", "000000000000000001600000000140")
        + _header("DSCRPTR", "0" * 30)
        + _text("SAS", 8)
        + _text(table.name.upper(), 8)
        + _text("SASDATA", 8)
        + _text("9.4", 8)
        + _text("MPS", 8)
        + b" " * 24
        + stamp
        + stamp
        + b" " * 16
        + _text(table.label, 40)
        + b" " * 8
    )


def _namestrs(columns: Sequence[Column], sizes: list[int]) -> bytes:
    found = _header("NAMESTR", f"000000{len(columns):04}" + "0" * 20)
    place = 0
    for i, (column, size) in enumerate(zip(columns, sizes, strict=True), 1):
        day = column.kind == "date"
        found += struct.pack(
            ">hhhh8s40s8shhh2s8shhl52x",
            _NUMBER if column.numeric else _TEXT,
            0,
            size,
            i,
            _text(column.name, 8),
            _text(column.label, 40),
            _text("DATE" if day else "", 8),
            9 if day else 0,
            0,
            0 if column.numeric else 1,
            b"",
            _text("", 8),
            0,
            0,
            place,
        )
        place += size
    return found.ljust(-(-len(found) // 80) * 80) + _header("OBS", "0" * 30)


def _writer(column: Column, size: int) -> Callable[[Any], bytes]:
    if not column.numeric:
        return lambda text: _text(text or "", size)
    if column.kind == "date":
        return lambda day: _MISSING if day is None else ibm(date.fromisoformat(day).toordinal() - _EPOCH)
    return lambda number: _MISSING if number is None else ibm(number)


def _text(text: str, size: int) -> bytes:
    return plain_ascii(text).encode()[:size].ljust(size)
