"""How a site writes things down: dates, partial dates, and values that are missing for a reason."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from registry.domain.simulation.stream import Stream

Record = dict[str, Any]
"""One record of a form, as plain JSON."""

Forms = dict[str, Any]
"""The ``forms`` object of a submission: a record, or a list of records, by name of the form."""

REASONS = ("not_asked", "not_performed", "asked_unknown", "refused")


@lru_cache(maxsize=16384)
def iso(day: int) -> str:
    """The day with this ordinal as YYYY-MM-DD."""
    return date.fromordinal(day).isoformat()


def to_the_month(day: int) -> str:
    """The day as a source writes it that remembers the month: YYYY-MM."""
    return iso(day)[:7]


def one_or_two(values: Sequence[str], chance: Stream) -> list[str]:
    """Two of the values, or one where the same is drawn twice."""
    first, second = chance.one_of(values), chance.one_of(values)
    return [first] if first == second else [first, second]


def leave_out(record: Record, names: tuple[str, ...], share: float, chance: Stream) -> Record:
    """The record with some of these values missing, each with this probability and a reason."""
    for name in names:
        if chance.random() < share:
            record[name] = None
            record.setdefault("missing", {})[name] = chance.one_of(REASONS)
    return record
