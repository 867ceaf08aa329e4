"""Lines of a file: of NDJSON each with its number and the place where it begins; how many may be blank."""

from collections.abc import Iterator
from typing import BinaryIO

from registry.errors import BadRequest

MOST_BLANK = 100_000
"""Blank lines cost a sender a byte and the registry a thousand times the time that a byte of JSON takes."""


def lines(file: BinaryIO) -> Iterator[tuple[int, int, bytes]]:
    """Number, offset and text of each line that is not blank. Raises ``BadRequest``."""
    blank = end = 0
    for number, line in enumerate(file, 1):
        begin, end = end, end + len(line)
        if found := line.strip():
            yield number, begin, found
            continue
        blank += 1
        if blank > MOST_BLANK:
            raise too_many_blank()


def too_many_blank() -> BadRequest:
    """The refusal of a file that is mostly nothing."""
    return BadRequest(f"there are more than {MOST_BLANK} blank lines; send the file without them")
