"""Which formats come in: media type to the function that reads a file into items."""

import io
import itertools
from collections.abc import Callable, Iterator
from typing import BinaryIO

from registry.errors import BadRequest, TooLarge, UnsupportedFormat
from registry.formats import json as json_format
from registry.formats.csv import reader as csv
from registry.formats.fhir import reader as fhir
from registry.formats.gunzip import gunzip
from registry.formats.item import NO_OPTIONS, Incoming, Item, Options, refusal
from registry.formats.lines import lines
from registry.formats.redcap import reader as redcap
from registry.formats.whole import read_whole

Reader = Callable[[BinaryIO, Options], Incoming]


def _ndjson(file: BinaryIO, _: Options) -> Incoming:
    count = None
    if isinstance(file, io.BytesIO):  # what is in memory already is counted in a moment
        count = sum(1 for _ in lines(file))
        file.seek(0)
    return Incoming((Item(f"line {number}", line) for number, _, line in lines(file)), count=count)


def _array(file: BinaryIO, _: Options) -> Incoming:
    body = read_whole(file, "send one submission a line, as application/x-ndjson")
    documents, count, problem = json_format.array(body)
    if problem is not None:
        raise BadRequest(problem.message, code=problem.rule, pointer=problem.pointer)
    items = (Item(f"item {number}", one) for number, one in enumerate(documents, 1))
    return Incoming(items, count=count)


FORMATS: dict[str, Reader] = {
    "application/x-ndjson": _ndjson,
    "application/ndjson": _ndjson,
    "application/json": _array,
    "text/csv": csv.read,
    "application/vnd.redcap.csv": redcap.read_csv,
    "application/vnd.redcap.odm+xml": redcap.read_xml,
    "application/vnd.mps.redcap+json": redcap.read_parcel,
    "application/fhir+json": fhir.read_bundle,
    "application/fhir+ndjson": fhir.read_ndjson,
}

FHIR = ("application/fhir+json", "application/fhir+ndjson")
"""Formats whose sender is answered with an OperationOutcome."""

SUFFIXES = {
    ".ndjson": "application/x-ndjson",
    ".jsonl": "application/x-ndjson",
    ".json": "application/json",
    ".csv": "text/csv",
    ".tsv": "text/csv",
}
"""Formats by the ending of a file, where nobody says where it comes from."""

SUFFIXES_FROM = {
    "redcap": {".csv": "application/vnd.redcap.csv", ".xml": "application/vnd.redcap.odm+xml"},
    "fhir": {
        ".json": "application/fhir+json",
        ".ndjson": "application/fhir+ndjson",
        ".jsonl": "application/fhir+ndjson",
    },
}
"""The same for files of other systems."""


def split(
    file: BinaryIO,
    media_type: str,
    encoding: str | None = None,
    *,
    max_bytes: int,
    max_items: int | None = None,
    max_item_bytes: int | None = None,
    options: Options = NO_OPTIONS,
) -> Incoming:
    """The items in a file, made as they are asked for; of one larger than ``max_item_bytes`` nothing is kept.

    Raises ``UnsupportedFormat``, ``BadRequest``, and ``TooLarge``: also for what a compressed body would grow to, and
    for more than ``max_items``.
    """
    reader = FORMATS.get(media_type)
    if reader is None:
        raise UnsupportedFormat(f"batches are taken as {', '.join(FORMATS)}; not as {media_type[:60]}")
    incoming = reader(decoded(file, encoding, max_bytes), options)
    if max_items is not None and (incoming.count or 0) > max_items:
        raise _too_many(max_items)  # before any is stored
    first = next(incoming.items, None)
    if first is None:
        raise BadRequest("the batch is empty; send at least one submission")
    items: Iterator[Item] = itertools.chain((first,), incoming.items)
    if max_item_bytes is not None:
        items = _none_larger(items, max_item_bytes)
    incoming.items = items if max_items is None else _at_most(items, max_items)
    return incoming


def _none_larger(items: Iterator[Item], limit: int) -> Iterator[Item]:
    text = f"one submission may have {limit} bytes; send its records in several"
    for item in items:
        if max(len(item.payload), len(item.source)) > limit:
            yield Item(item.place, None, (refusal("too_large", "", text),), case=item.names_case())
        else:
            yield item


def _at_most(items: Iterator[Item], limit: int) -> Iterator[Item]:
    yield from itertools.islice(items, limit)
    if next(items, None) is not None:
        raise _too_many(limit)


def _too_many(limit: int) -> TooLarge:
    return TooLarge(f"one batch may have {limit} submissions; send the rest in another")


def decoded(file: BinaryIO, encoding: str | None, limit: int) -> BinaryIO:
    """The body as it was before the ``Content-Encoding`` of its sender; decompressed, at most ``limit`` bytes."""
    match (encoding or "identity").strip().lower():
        case "identity":
            return file
        case "gzip":
            return io.BytesIO(gunzip(file.read(), limit))
        case other:
            raise UnsupportedFormat(f"the only compression taken is gzip; not {other[:30]}")
