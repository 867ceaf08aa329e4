"""Responses of treated patients in a window, parted once for all tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from registry.domain.analysis import AnalysisRow, WindowRow
from registry.domain.report.people import People

RESPONDERS = ("CR", "PR")
PENDING = "pending"

Category = Callable[[WindowRow], str | None]


@dataclass(frozen=True, slots=True)
class Answers:
    """The patients of a window by what is known of their response.

    treated = assessable + the not assessable of all reasons; assessable = the four categories together; responders are
    CR and PR. ``due`` are the treated whose time of assessment was over at the cut-off, the dead among them.
    """

    treated: People
    categories: Mapping[str, People]
    reasons: Mapping[str, People]
    responders: People
    assessable: People

    @property
    def not_assessable(self) -> People:
        return self.treated.without(self.assessable)

    @property
    def due(self) -> People:
        pending = self.reasons.get(PENDING)
        return self.treated.without(pending) if pending else self.treated


def window_of(row: AnalysisRow, window: str) -> WindowRow:
    """The window of a treated patient. Raises ValueError for one without treatment."""
    if row.response is None:
        raise ValueError("nobody asks an untreated patient for a response")
    found: WindowRow = getattr(row.response, window)
    return found


def answers(treated: People, window: str, category: Category = lambda found: found.category) -> Answers:
    """The responses in a window (``M1``, ``M2``, ``M3``, ``best``); ``category`` reads them another way."""
    nobody = People(treated.study, ())
    by_category = treated.split(lambda row: category(window_of(row, window)))
    missing = by_category.pop(None, nobody)
    reasons = missing.split(lambda row: window_of(row, window).reason or "missing_omedd")
    categories = {name: by_category.get(name, nobody) for name in ("CR", "PR", "IR", "PP")}
    return Answers(
        treated,
        categories,
        reasons,
        categories["CR"].together(categories["PR"]),
        treated.without(missing),
    )
