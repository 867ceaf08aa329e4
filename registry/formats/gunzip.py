"""gzip in (RFC 1952): decompressed no further than a limit, in time that the sizes bound.

The reader of the standard library takes a second for each few megabytes of padding, file name or empty members, which
cost their sender nothing; here those are passed over at the speed of the machine, or counted.
"""

import zlib
from collections.abc import Generator, Iterator

from registry.errors import BadRequest, TooLarge

MOST_MEMBERS = 20_000
"""gzip files one after the other in one body. Block compressors make one of 64 kB: more than enough for 1 GB."""

_PIECE = 1 << 16


def gunzip(body: bytes, limit: int) -> bytes:
    """The decompressed body, refused at the limit and not after it; of several members all are read.

    Raises ``TooLarge``, and ``BadRequest`` for what is no gzip, is cut off or damaged.
    """
    size = 0  # counted first and kept only then: a bomb costs time up to the limit, and no memory
    for piece in _pieces(body):
        size += len(piece)
        if size > limit:
            raise TooLarge(f"decompressed, the body is larger than the {limit} bytes that are taken")
    return b"".join(_pieces(body))


def _pieces(body: bytes) -> Iterator[bytes]:
    at = members = 0
    while members == 0 or not _only_padding(body, at):
        members += 1
        if members > MOST_MEMBERS:
            raise BadRequest(
                f"the gzip body is made of more than {MOST_MEMBERS} parts; compress the file as one"
            )
        at = yield from _member(body, at)


def _only_padding(body: bytes, at: int) -> bool:
    """Whether nothing but zeros follows, which some tools add."""
    return at == len(body) or (body[at] == 0 and body.count(0, at) == len(body) - at)


def _member(body: bytes, at: int) -> Generator[bytes, None, int]:
    """The pieces of the member that begins there; returns where it ends."""
    inflate = zlib.decompressobj(wbits=31)
    try:
        while not inflate.eof:
            if at >= len(body):
                raise BadRequest("the gzip body is cut off; send it again")
            given = body[at : at + _PIECE]
            at += len(given)
            while given and not inflate.eof:
                if piece := inflate.decompress(given, _PIECE):
                    yield piece
                given = inflate.unconsumed_tail
    except zlib.error:
        raise BadRequest("the body is said to be gzip, but it is not, or it is damaged") from None
    return at - len(inflate.unused_data)
