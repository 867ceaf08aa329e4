"""A moment on a patient's time axis: the day used in the analysis, and the days it may have been.

Days are counted as ``date.toordinal`` counts them. A date known to the month or the year enters the analysis
as day 15 or 1 July (default convention, registry decision), moved to the nearest possible day where its
neighbours rule that day out; the bounds stay beside it.
"""

from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from registry.domain.dates import Bounds, PartialDate

Imputed = Literal["", "D", "M"]
"""What was imputed, as ADaM's ``*DTF`` variables say it: nothing, the day, or month and day."""

_IMPUTED: dict[str, Imputed] = {"day": "", "month": "D", "year": "M"}
KNOWN_TO = {"D": "the month", "M": "the year"}


class Moment(NamedTuple):
    """``day`` is the day of the analysis, ``lo`` and ``hi`` the first and last possible day (ordinals)."""

    day: int
    lo: int
    hi: int
    imputed: Imputed = ""

    @staticmethod
    def of(written: PartialDate, bounds: Bounds | None = None) -> "Moment":
        """The moment of a date as written, within the bounds that its neighbours leave (default: its own)."""
        if bounds is None or written.exact:
            return _alone(written)
        lo, hi = bounds.lo.toordinal(), bounds.hi.toordinal()
        return Moment(min(max(written.midpoint.toordinal(), lo), hi), lo, hi, _IMPUTED[written.precision])

    @property
    def date(self) -> str:
        """The day of the analysis as YYYY-MM-DD."""
        return date.fromordinal(self.day).isoformat()


@lru_cache(maxsize=16384)
def _alone(written: PartialDate) -> Moment:
    lo, hi = written.lo.toordinal(), written.hi.toordinal()
    return Moment(written.midpoint.toordinal(), lo, hi, _IMPUTED[written.precision])


def moment(written: PartialDate | None) -> Moment | None:
    """The moment of a date, if there is one."""
    return None if written is None else Moment.of(written)
