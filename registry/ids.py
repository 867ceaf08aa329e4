"""Identifiers: time-ordered UUIDs for messages, check-digit numbers for cases."""

import os
import threading
import time
import uuid

from registry.errors import NotFound


def new_id() -> uuid.UUID:
    """A version 7 UUID (RFC 9562, method 3): milliseconds, then their 4096ths, then 62 random bits.

    Ids made one after the other in one process sort in that order, whatever its clock does, so a batch keeps its order
    and new rows land side by side in the index.
    """
    millis, rest = divmod(_instant(), 1_000_000)
    fraction = (rest << 12) // 1_000_000
    random = int.from_bytes(os.urandom(8), "big") >> 2
    return uuid.UUID(int=millis << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | random)


_latest = 0
_turn = threading.Lock()


def _instant() -> int:
    """Nanoseconds since 1970, each time at least one 4096th of a millisecond later than before."""
    global _latest
    with _turn:
        _latest = max(time.time_ns(), _latest + 250)
        return _latest


def as_uuid(text: str) -> uuid.UUID:
    """An id as a caller wrote it; a text that is none is an id that does not exist."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound() from None


def registry_id(site_code: str, number: int) -> str:
    """The registry's id of a case, ``SITE-NNNNNN-C`` with a Luhn check digit over the number."""
    return f"{site_code}-{number:06}-{_luhn(number)}"


def number_of(registry_id: str) -> int | None:
    """The number inside a registry id, or None when it is not one or its check digit is wrong."""
    head, _, check = registry_id.rpartition("-")
    _, _, digits = head.rpartition("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18 and check == str(_luhn(int(digits)))):
        return None
    return int(digits)


def _luhn(number: int) -> int:
    total = 0
    for place, digit in enumerate(reversed(str(number))):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10
