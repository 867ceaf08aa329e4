"""Formats that can only be read as a whole have a limit of their own: parsed, a document takes many times its size."""

from typing import BinaryIO

from registry.errors import TooLarge

MOST_BYTES = 16_000_000


def read_whole(file: BinaryIO, instead: str) -> bytes:
    """The body. Raises ``TooLarge``; ``instead`` says what may be larger."""
    body = file.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise TooLarge(f"this format is read as a whole and may have {MOST_BYTES // 1_000_000} MB; {instead}")
    return body
