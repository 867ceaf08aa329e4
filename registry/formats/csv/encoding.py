"""How a table is encoded: said by the sender, by a byte order mark, or found out; never guessed against the bytes.

The file is read once, line by line, before its rows are: its hash and its faults as a whole come from there.
"""

import codecs
import os
import re
from dataclasses import dataclass
from typing import BinaryIO

from registry.domain.findings import Finding
from registry.errors import BadRequest
from registry.formats.item import note
from registry.formats.lines import MOST_BLANK, too_many_blank

MAX_LINE = 1_000_000
"""Bytes in one line; a longer one is no table."""

CHARSETS = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "us-ascii": "utf-8-sig",
    "utf-16": "utf-16",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "iso-8859-1": "cp1252",  # as browsers read it: what calls itself Latin-1 is Windows-1252
    "latin-1": "cp1252",
    "shift_jis": "cp932",
    "cp932": "cp932",
    "windows-31j": "cp932",
}

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BINARY = {
    b"PK\x03\x04": "an Excel workbook or another zip file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "gzip",
    b"%PDF": "a PDF",
}
_BLANK = (b"\n", b"\r\n")
_KANA = re.compile("[぀-ヿ]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """Name of the Python codec, and what the sender should know about the choice."""

    codec: str
    notes: tuple[Finding, ...] = ()


def find_encoding(file: BinaryIO, charset: str | None) -> Encoding:
    """The encoding of the file, which is left at its beginning. Raises ``BadRequest`` for what is no table."""
    start = file.read(4)
    file.seek(0)
    for magic, what in _BINARY.items():
        if start.startswith(magic):
            raise BadRequest(f"this is {what}, not CSV; save the table as CSV UTF-8", code="not_csv")
    marked = next((codec for mark, codec in _MARKS if start.startswith(mark)), None)
    if charset is not None:
        declared = CHARSETS.get(charset.strip().strip('"').lower())
        if declared is None:
            raise BadRequest(
                f"the charset {charset[:30]} is not read; save the file as UTF-8", code="unknown_charset"
            )
        return Encoding(_whole(file, marked or declared))
    if marked == "utf-16":
        return Encoding(_whole(file, marked))
    return _found_out(file)


def _whole(file: BinaryIO, codec: str) -> str:
    """The codec, once every line is known to be in it. UTF-8 is left to the rows: one bad row is one bad row."""
    if codec == "utf-8-sig":
        _lines(file)
        return codec
    decoder = codecs.getincrementaldecoder(codec)()
    at = 0
    try:
        while block := file.read(MAX_LINE):
            decoder.decode(block)
            at += len(block)
        decoder.decode(b"", True)
    except UnicodeDecodeError as error:
        where = f"near byte {at + error.start + 1}"
        raise BadRequest(
            f"the file is said to be {codec}, but {where} it is not; save it as UTF-8", code="not_decodable"
        ) from None
    finally:
        file.seek(0)
    return codec


def _lines(file: BinaryIO) -> tuple[int, int, bool, bool]:
    """Lines that are UTF-8 beyond ASCII, lines that are not, whether those are Windows-1252, and may be Japanese."""
    good = bad = 0
    western, kana = True, False
    number = blank = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE and (end := line.rfind(b"\r") + 1):  # line ends of old Macs
            file.seek(end - len(line), os.SEEK_CUR)
            line = line[:end]
        blank += line in _BLANK
        if blank > MOST_BLANK:
            raise too_many_blank()
        if len(line) > MAX_LINE:
            raise BadRequest(
                f"line {number} is longer than {MAX_LINE} bytes; this is no table", code="line_too_long"
            )
        if b"\0" in line:
            raise BadRequest(
                f"line {number} has the character NUL; if this is UTF-16 without its mark, save it as UTF-8",
                code="nul_character",
            )
        if line.isascii():
            continue
        try:
            line.decode()
            good += 1
        except UnicodeDecodeError:
            bad += 1
            western = western and _decodes(line, "cp1252") is not None
            kana = kana or bool(_KANA.search(_decodes(line, "cp932") or ""))
    file.seek(0)
    return good, bad, western, kana


def _found_out(file: BinaryIO) -> Encoding:
    good, bad, western, kana = _lines(file)
    if not bad or good:  # among lines that are UTF-8, one that is not is that row's own fault
        return Encoding("utf-8-sig")
    if western and not kana:
        text = (
            "the file is not UTF-8 and was read as Windows-1252; look at the letters with accents, "
            "or save it as UTF-8"
        )
        return Encoding("cp1252", (note("read_as_windows_1252", text),))
    raise BadRequest(
        "the file is not UTF-8; save it as CSV UTF-8, or name its encoding (shift_jis, windows-1252)",
        code="not_utf8",
    )


def _decodes(line: bytes, codec: str) -> str | None:
    try:
        return line.decode(codec)
    except UnicodeDecodeError:
        return None
