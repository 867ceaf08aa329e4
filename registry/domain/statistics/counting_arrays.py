"""From numpy columns to a tally: ten million people in about a quarter of a second.

The same counts, refusals and bits as `counting.count` on the same people.
"""

import numpy as np
from numpy.typing import NDArray

from registry.domain.statistics.counting import Counted, Refusal, in_order
from registry.domain.statistics.tally import DayCount, Tally

Days = NDArray[np.integer]

FROM_ORIGIN = -1
"""Entry day of a person observed from the origin."""

MISSING, NOT_WHOLE = np.iinfo(np.int64).min, np.iinfo(np.int64).min + 1
"""What stands for an exit day or a cause that is not known, and for anything that is not a whole number."""


def count_arrays(exit_day: Days, cause: Days, entry_day: Days | None = None, causes: int = 1) -> Counted:
    """Tally of people given as columns of equal length.

    exit_day   (n,) whole days since the origin
    cause      (n,) 0 censored, 1 to k cause of exit
    entry_day  (n,) day of entry, `FROM_ORIGIN` for people observed from the origin; None when all were

    `MISSING` and `NOT_WHOLE` stand for what is no day and no cause.

    Integer columns only: whoever holds missing values as NaN decides what they are before counting (TypeError).
    Memory beyond the columns is a few arrays of n, and k + 2 counts per day up to the last day.
    """
    columns = [column for column in (exit_day, cause, entry_day) if column is not None]
    for column in columns:
        if column.dtype.kind not in "iu" or column.shape != exit_day.shape or column.ndim != 1:
            raise TypeError("integer columns of equal length are needed")
    entered = None if entry_day is None or not np.any(entry_day != FROM_ORIGIN) else entry_day
    bad = refusals(exit_day, cause, entered, causes)
    refused = {reason: int(np.count_nonzero(rows)) for reason, rows in bad.items()}
    if any(refused.values()):
        good = ~np.logical_or.reduce(list(bad.values()))
        exit_day, cause = exit_day[good], cause[good]
        entered = None if entered is None else entered[good]
    return Counted(_tally(exit_day, cause, entered, causes), in_order(refused))


def refusals(
    exit_day: Days, cause: Days, entered: Days | None, causes: int = 1
) -> dict[Refusal, NDArray[np.bool_]]:
    """Rows per reason as masks (n,), each row under the first reason that applies; columns as `count_arrays` has them."""
    columns = [exit_day, cause, *(() if entered is None else (entered,))]
    rules = []
    if any(column.size and column.min() <= NOT_WHOLE for column in columns):
        rules += [
            (Refusal.NOT_A_DAY, np.logical_or.reduce([column == NOT_WHOLE for column in columns])),
            (Refusal.EXIT_MISSING, exit_day == MISSING),
            (Refusal.CAUSE_MISSING, cause == MISSING),
        ]
    rules += [
        (Refusal.CAUSE_UNKNOWN, (cause < 0) | (cause > causes)),
        (Refusal.EXIT_BEFORE_ORIGIN, exit_day < 0),
    ]
    if entered is not None:
        rules += [
            (Refusal.ENTRY_BEFORE_ORIGIN, entered < FROM_ORIGIN),
            (Refusal.ENTRY_AFTER_EXIT, entered > exit_day),
            (Refusal.NO_TIME_AT_RISK, entered == exit_day),
        ]
    found: dict[Refusal, NDArray[np.bool_]] = {}
    for reason, rows in rules:
        for earlier in found.values():
            rows &= ~earlier
        if rows.any():
            found[reason] = rows
    return found


def _tally(exit_day: Days, cause: Days, entered: Days | None, causes: int) -> Tally:
    if not exit_day.size:
        return Tally(0, (), causes)
    length = int(exit_day.max()) + 1
    left = [np.bincount(exit_day[cause == k], minlength=length) for k in range(causes)]
    all_left = np.bincount(exit_day, minlength=length)
    left = [*left[1:], all_left - sum(left), left[0]]  # causes 1 to k, then censored
    came, n0 = np.zeros(length, dtype=np.intp), exit_day.size
    if entered is not None:
        late = entered[entered >= 0]
        came, n0 = np.bincount(late, minlength=length), exit_day.size - late.size
    some = np.flatnonzero(all_left + came)
    columns = zip(some.tolist(), came[some].tolist(), *(each[some].tolist() for each in left), strict=True)
    rows = (DayCount(day, entries, tuple(counts[:-1]), counts[-1]) for day, entries, *counts in columns)
    return Tally(int(n0), tuple(rows), causes)
