"""Survival as a publication without dates states it: an interval, never a date.

Printed whole months may have been rounded or cut off, so "8 months" stands for 7.5 up to 9 months of 30.4375
days: 228 to 274 days (registry decision). A number with decimals stands for its last printed decimal in the
same way.
"""

from decimal import Decimal
from math import ceil, floor

from registry.domain.dates import DAYS_PER_MONTH


def published_days(months: float) -> tuple[int, int]:
    """Fewest and most whole days that a printed number of months may stand for."""
    exponent = Decimal(repr(months)).normalize().as_tuple().exponent
    unit = 10.0 ** min(int(exponent), 0)  # 1 for "8", 0.1 for "7.5"
    return floor(max(0.0, months - unit / 2) * DAYS_PER_MONTH), ceil((months + unit) * DAYS_PER_MONTH)
