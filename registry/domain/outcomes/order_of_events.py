"""Onset, diagnosis and death of a case, each within the days its neighbours leave.

The hard order is birth <= onset <= diagnosis <= death, and the patient was alive until the last day on which
a record proves it. A date known to the month or year is narrowed by it until nothing more follows (registry
decision).
"""

from dataclasses import dataclass

from registry.domain.dates import PartialDate, tighten
from registry.domain.outcomes.moment import Moment, moment

CONTRADICTORY_DATES = "contradictory_dates"
"""Flag: no completion of the dates respects their order, so each keeps its own bounds."""


@dataclass(frozen=True, slots=True)
class Order:
    """The three events; None where there is no date. ``possible`` is False when they contradict."""

    onset: Moment | None
    diagnosis: Moment | None
    death: Moment | None
    possible: bool = True


def order_of_events(
    birth: PartialDate | None,
    onset: PartialDate | None,
    diagnosis: PartialDate | None,
    death: PartialDate | None,
    alive_on: int | None,
) -> Order:
    """The events in their bounds; ``alive_on`` is the last day (ordinal) of certain life."""
    if all(written is None or written.exact for written in (onset, diagnosis, death)):
        return Order(moment(onset), moment(diagnosis), moment(death))  # nothing to narrow
    narrowed = death
    if death is not None and alive_on is not None and death.lo.toordinal() < alive_on <= death.hi.toordinal():
        narrowed = PartialDate(death.text, death.lo.fromordinal(alive_on), death.hi)
    bounds = tighten([birth, onset, diagnosis, narrowed])
    if any(found is not None and not found.possible for found in bounds):
        return Order(moment(onset), moment(diagnosis), moment(death), possible=False)
    _, *rest = bounds
    first, second, third = (
        None if written is None else Moment.of(written, found)
        for written, found in zip((onset, diagnosis, death), rest, strict=True)
    )
    return Order(first, second, third)
