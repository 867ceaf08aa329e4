"""Which formats come in: media type to the function that splits a body into submissions."""

import gzip
import io
import zlib
from collections.abc import Callable

from registry.domain.findings import Finding
from registry.errors import BadRequest, TooLarge, UnsupportedFormat
from registry.formats import json as json_format

Splitter = Callable[[bytes], tuple[list[bytes], Finding | None]]


def _ndjson(body: bytes) -> tuple[list[bytes], Finding | None]:
    return json_format.lines(body), None


SPLITTERS: dict[str, Splitter] = {
    "application/x-ndjson": _ndjson,
    "application/ndjson": _ndjson,
    "application/json": json_format.array,
}

SUFFIXES = {".ndjson": "application/x-ndjson", ".jsonl": "application/x-ndjson", ".json": "application/json"}


def split(body: bytes, media_type: str, encoding: str | None, *, max_bytes: int) -> list[bytes]:
    """The submissions in a body, each as its own bytes.

    Raises ``UnsupportedFormat``, ``TooLarge`` (also for what a compressed body would grow to) and ``BadRequest``.
    """
    splitter = SPLITTERS.get(media_type)
    if splitter is None:
        raise UnsupportedFormat(f"batches are taken as {', '.join(SPLITTERS)}; not as {media_type[:60]}")
    plain = decoded(body, encoding, max_bytes)
    bodies, problem = splitter(plain)
    if problem is not None:
        raise BadRequest(problem.message, code=problem.rule, pointer=problem.pointer)
    if not bodies:
        raise BadRequest("the batch is empty; send at least one submission")
    return bodies


def decoded(body: bytes, encoding: str | None, limit: int) -> bytes:
    """The body as it was before the ``Content-Encoding`` of its sender; at most ``limit`` bytes."""
    match (encoding or "identity").strip().lower():
        case "identity":
            return body
        case "gzip":
            return gunzip(body, limit)
        case other:
            raise UnsupportedFormat(f"the only compression taken is gzip; not {other[:30]}")


def gunzip(body: bytes, limit: int) -> bytes:
    """The decompressed body, refused at the limit and not after it; of several members (RFC 1952) all are read."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as reader:
            plain = reader.read(limit + 1)
    except EOFError:
        raise BadRequest("the gzip body is cut off; send it again") from None
    except (gzip.BadGzipFile, zlib.error):
        raise BadRequest("the body is said to be gzip, but it is not, or it is damaged") from None
    if len(plain) > limit:
        raise TooLarge(f"decompressed, the body is larger than the {limit} bytes that are taken")
    return plain
