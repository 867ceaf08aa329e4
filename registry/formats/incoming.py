"""Which formats come in: media type to the function that splits a body into submissions."""

import zlib
from collections.abc import Callable

from registry.domain.findings import Finding
from registry.errors import BadRequest, TooLarge, UnsupportedFormat
from registry.formats import json as json_format

Splitter = Callable[[bytes, int], tuple[list[bytes], Finding | None]]


def _ndjson(body: bytes, max_depth: int) -> tuple[list[bytes], Finding | None]:
    return json_format.lines(body), None


def _array(body: bytes, max_depth: int) -> tuple[list[bytes], Finding | None]:
    return json_format.array(body, max_depth=max_depth)


SPLITTERS: dict[str, Splitter] = {
    "application/x-ndjson": _ndjson,
    "application/ndjson": _ndjson,
    "application/json": _array,
}

SUFFIXES = {".ndjson": "application/x-ndjson", ".jsonl": "application/x-ndjson", ".json": "application/json"}


def split(
    body: bytes, media_type: str, encoding: str | None, *, max_bytes: int, max_depth: int
) -> list[bytes]:
    """The submissions in a body, each as its own bytes.

    Raises ``UnsupportedFormat``, ``TooLarge`` (also for what a compressed body would grow to) and ``BadRequest``.
    """
    splitter = SPLITTERS.get(media_type)
    if splitter is None:
        raise UnsupportedFormat(f"batches are taken as {', '.join(SPLITTERS)}; not as {media_type[:60]}")
    if encoding not in (None, "", "identity", "gzip"):
        raise UnsupportedFormat(
            f"the only compression taken is gzip; not {encoding[:30] if encoding else ''}"
        )
    plain = gunzip(body, max_bytes) if encoding == "gzip" else body
    bodies, problem = splitter(plain, max_depth)
    if problem is not None:
        raise BadRequest(problem.message)
    if not bodies:
        raise BadRequest("the batch is empty; send at least one submission")
    return bodies


def gunzip(body: bytes, limit: int) -> bytes:
    """The decompressed body, refused at the limit and not after it."""
    reader = zlib.decompressobj(wbits=31)
    try:
        plain = reader.decompress(body, limit + 1)
    except zlib.error:
        raise BadRequest("the body is said to be gzip, but it is not") from None
    if len(plain) > limit or reader.unconsumed_tail:
        raise TooLarge(f"decompressed, the body is larger than the {limit} bytes that are taken")
    if not reader.eof:
        raise BadRequest("the gzip body is cut off; send it again")
    return plain
