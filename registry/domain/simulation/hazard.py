"""Hazard of death since the onset of symptoms, constant within stretches of months."""

import math
from dataclasses import dataclass
from typing import Self

from registry.domain.dates import DAYS_PER_MONTH


@dataclass(frozen=True, slots=True)
class Hazard:
    """A piecewise exponential hazard.

    ``pieces`` are (from month, deaths per person-month); the first starts at month 0, the last never ends and
    is positive, so everybody dies at last. Months have 30.4375 days. Raises ValueError for anything else.
    """

    pieces: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        starts = [month for month, _ in self.pieces]
        if not starts or starts[0] != 0 or sorted(set(starts)) != starts:
            raise ValueError(f"the pieces of a hazard start at month 0 and rise: {starts}")
        if min(rate for _, rate in self.pieces) < 0 or self.pieces[-1][1] <= 0:
            raise ValueError("a hazard is not negative, and at last positive")

    @classmethod
    def exponential(cls, median_months: float) -> Self:
        """The constant hazard with this median survival."""
        return cls(((0.0, math.log(2) / median_months),))

    def cumulative(self, days: float) -> float:
        """Deaths per person up to a day: minus the logarithm of the survival."""
        months = days / DAYS_PER_MONTH
        total = 0.0
        for (start, rate), end in zip(self.pieces, self._ends(), strict=True):
            if months <= start:
                break
            total += rate * (min(months, end) - start)
        return total

    def day_of(self, cumulative: float) -> float:
        """The time in days at which the cumulative hazard reaches a value; the inverse of ``cumulative``."""
        left = cumulative
        for (start, rate), end in zip(self.pieces, self._ends(), strict=True):
            here = rate * (end - start) if rate else 0.0
            if left <= here and rate:
                return (start + left / rate) * DAYS_PER_MONTH
            left -= here
        raise AssertionError("the last piece never ends")

    def survival(self, days: float) -> float:
        """Probability of living longer than this, from the onset."""
        return math.exp(-self.cumulative(days))

    @property
    def median_days(self) -> float:
        """The time by which half have died, in days from the onset."""
        return self.day_of(math.log(2))

    def _ends(self) -> tuple[float, ...]:
        return (*(start for start, _ in self.pieces[1:]), math.inf)
