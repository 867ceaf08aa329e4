"""Traces: what would betray an erased case, looked for in bytes of any kind, and where it was found."""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal
from uuid import UUID

import orjson

from registry.errors import Conflict
from registry.pipeline.snapshot_bytes import MAGIC, unpack

UNPACKED = 1_000_000_000
"""Most bytes that one packed value is unpacked to."""


@dataclass(frozen=True, slots=True, order=True)
class Needle:
    """Something to look for; what it is may be said, the text itself is never shown."""

    kind: str
    text: str


Verdict = Literal["found", "kept", "not reached"]


@dataclass(frozen=True, slots=True)
class Trace:
    """One line of a proof.

    where    the place
    what     kind of what is there, or why it was not looked at
    verdict  found: it should not be there; kept: on purpose; not reached: nobody looked
    remedy   what to do, or why it stays
    """

    where: str
    what: str
    verdict: Verdict
    remedy: str


class Haystack:
    """Looks for all needles at once."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        self._kinds = {one.text.encode(): one.kind for one in needles if one.text}
        words = sorted(map(re.escape, self._kinds), key=len, reverse=True)
        # a pseudonym may be short: it is meant as a word, not as a part of one
        self._pattern = re.compile(rb"(?<![0-9A-Za-z])(?:" + b"|".join(words) + rb")(?![0-9A-Za-z])")

    def kinds_in(self, value: Any) -> set[str]:
        """The kinds of what is found in a value of a database, of a queue or of a file."""
        return {self._kinds[hit] for raw in readings(value) for hit in self._pattern.findall(raw)}


def readings(value: Any) -> Iterator[bytes]:
    """A value as bytes, and unpacked where it is packed: zip and gzip files, snapshots, JSON in a text."""
    if isinstance(value, str):
        yield value.encode()
    elif isinstance(value, bytes | bytearray | memoryview):
        yield from _unpacked(bytes(value))
    elif isinstance(value, UUID):
        yield str(value).encode()
    elif value is not None:
        yield orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS)


def _unpacked(raw: bytes) -> Iterator[bytes]:
    yield raw
    if raw.startswith(b"PK\x03\x04"):
        yield from _zipped(raw)
    elif raw.startswith(b"\x1f\x8b"):
        with suppress(zlib.error):  # what only begins like it, as any hash may
            yield zlib.decompressobj(wbits=31).decompress(raw, UNPACKED)
    elif raw.startswith(MAGIC):
        try:
            about, cases = unpack(raw)
        except Conflict:
            return
        yield orjson.dumps(about, default=str)
        yield orjson.dumps(list(cases.names), default=str)


def _zipped(raw: bytes) -> Iterator[bytes]:
    """Names and contents of a zip file; nothing of what only begins like one, is damaged or has a password."""
    with (
        suppress(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError),
        zipfile.ZipFile(BytesIO(raw)) as packed,
    ):
        for member in packed.infolist():
            yield member.filename.encode()
            if member.file_size <= UNPACKED:
                yield from _unpacked(packed.read(member))
