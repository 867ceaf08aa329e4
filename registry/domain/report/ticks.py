"""Marks of a time axis in whole months, few enough to stand beside each other."""

from registry.domain.dates import DAYS_PER_MONTH
from registry.domain.report.document import Audience

MOST_MARKS = 12
STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
"""Months from mark to mark."""


PUBLIC_STEP = 3
"""Months between marks for the public: numbers at risk of two neighbouring months differ by a few patients."""


def month_ticks(until: int, audience: Audience = "staff") -> dict[int, int]:
    """Day of each mark -> month, from 0 to the first mark not before ``until``."""
    months = until / DAYS_PER_MONTH
    wide = (step for step in STEPS if months / step < MOST_MARKS)
    step = max(next(wide, STEPS[-1]), PUBLIC_STEP if audience == "public" else 1)
    marks = range(0, int(-(-months // step)) * step + step, step)
    return {
        round(month * DAYS_PER_MONTH): month for month in marks if (month - step) * DAYS_PER_MONTH < until
    }
