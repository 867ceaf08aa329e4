"""Partial dates: what was written, how precise it is, and the days it may mean.

A hospital often knows only the month or the year of an event. The original text is kept, the first and last
possible day are derived from it, and nothing imputed is ever stored as if it were real. Accepted forms are
``YYYY``, ``YYYY-MM`` and ``YYYY-MM-DD`` (ISO 8601, no time zone, no placeholders such as ``UNK``).
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

DAYS_PER_MONTH = 30.4375  # UCUM `mo`; never 30, never a difference of calendar months
DAYS_PER_YEAR = 365.25  # UCUM `a`

Precision = Literal["day", "month", "year"]

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_HINT = "write YYYY, YYYY-MM or YYYY-MM-DD"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the day, the month or the year.

    ``text`` is what was sent; ``lo`` and ``hi`` are the first and last day it may mean (inclusive).
    """

    text: str
    lo: date
    hi: date

    @staticmethod
    @lru_cache(maxsize=8192)
    def parse(text: str) -> "PartialDate":
        """Read one of the three accepted forms; ``ValueError`` says what is wrong and what to write."""
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(f"is not a date; {_HINT}")
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        if not 1850 <= year <= 2200:
            raise ValueError(f"has the impossible year {year}; {_HINT}")
        if month is None:
            return PartialDate(text, date(year, 1, 1), date(year, 12, 31))
        if not 1 <= month <= 12:
            raise ValueError(f"has the impossible month {month}; {_HINT}")
        last = monthrange(year, month)[1]
        if day is None:
            return PartialDate(text, date(year, month, 1), date(year, month, last))
        if not 1 <= day <= last:
            raise ValueError(f"is not in the calendar: {year}-{month:02} has {last} days")
        exact = date(year, month, day)
        return PartialDate(text, exact, exact)

    @staticmethod
    def of(day: date) -> "PartialDate":
        """The partial date that is known to the day."""
        return PartialDate(day.isoformat(), day, day)

    @property
    def precision(self) -> Precision:
        """``day``, ``month`` or ``year``."""
        length = len(self.text)
        return "day" if length == 10 else "month" if length == 7 else "year"

    @property
    def exact(self) -> bool:
        """True when the day is known."""
        return self.lo == self.hi

    @property
    def midpoint(self) -> date:
        """The analysis day of the default convention: day 15 of a month, 1 July of a year."""
        match self.precision:
            case "day":
                return self.lo
            case "month":
                return self.lo.replace(day=15)
            case "year":
                return self.lo.replace(month=7)

    def __str__(self) -> str:
        return self.text

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _validate, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": r"^(18[5-9]\d|19\d\d|20\d\d|21\d\d|2200)(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$",
            "description": "A date known to the day, month or year: YYYY-MM-DD, YYYY-MM or YYYY.",
        }


def _validate(value: object) -> PartialDate:
    if isinstance(value, PartialDate):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("partial_date", "is not a date; " + _HINT)
    try:
        return PartialDate.parse(value)
    except ValueError as error:
        raise PydanticCustomError("partial_date", "{problem}", {"problem": str(error)}) from None


def certainly_after(a: PartialDate, b: PartialDate) -> bool:
    """True when ``a`` is later than ``b`` for every completion of both: the only ground to reject an order."""
    return a.lo > b.hi


def possibly_after(a: PartialDate, b: PartialDate) -> bool:
    """True when ``a`` is later than ``b`` for at least one completion of both."""
    return a.hi > b.lo


def days_between(start: PartialDate, end: PartialDate) -> tuple[int, int]:
    """Fewest and most whole days from ``start`` to ``end`` over all completions that respect their order."""
    return max(0, (end.lo - start.hi).days), (end.hi - start.lo).days


def months(days: float) -> float:
    """Days as months of 30.4375 days, to one decimal, as reports print them."""
    return round(days / DAYS_PER_MONTH, 1)


@dataclass(frozen=True, slots=True)
class Bounds:
    """First and last possible day of an event, after it was tightened by its neighbours."""

    lo: date
    hi: date

    @property
    def possible(self) -> bool:
        """False when no completion of the dates respects the order."""
        return self.lo <= self.hi

    @property
    def width(self) -> int:
        """Days between the first and the last possible day; 0 when the day is known."""
        return (self.hi - self.lo).days

    @property
    def midpoint(self) -> date:
        """``lo + floor((hi - lo) / 2)``: the alternative convention that respects the tightening."""
        return self.lo + timedelta(days=self.width // 2)


def tighten(chain: list[PartialDate | None]) -> list[Bounds | None]:
    """Bounds of events that must follow one another, tightened until stable.

    ``chain`` holds the events in their necessary order (birth, onset, diagnosis, death ...); ``None`` is an event
    without a date. If any result is not ``possible``, the order is violated for every completion (rule E22).
    """
    bounds = [None if d is None else Bounds(d.lo, d.hi) for d in chain]
    floor: date | None = None
    for i, b in enumerate(bounds):  # an event is not before any earlier one
        if b is not None:
            floor = b.lo if floor is None else max(floor, b.lo)
            bounds[i] = Bounds(floor, b.hi)
    ceiling: date | None = None
    for i in reversed(range(len(bounds))):  # nor after any later one
        b = bounds[i]
        if b is not None:
            ceiling = b.hi if ceiling is None else min(ceiling, b.hi)
            bounds[i] = Bounds(b.lo, ceiling)
    return bounds
