"""Marks of a time axis in whole months, few enough to stand beside each other."""

from registry.domain.dates import DAYS_PER_MONTH

MOST_MARKS = 12
STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
"""Months from mark to mark."""


def month_ticks(until: int) -> dict[int, int]:
    """Day of each mark -> month, from 0 to the first mark not before ``until``."""
    months = until / DAYS_PER_MONTH
    step = next((step for step in STEPS if months / step < MOST_MARKS), STEPS[-1])
    marks = range(0, int(-(-months // step)) * step + step, step)
    return {
        round(month * DAYS_PER_MONTH): month for month in marks if (month - step) * DAYS_PER_MONTH < until
    }
