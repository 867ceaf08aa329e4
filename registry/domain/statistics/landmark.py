"""Landmark analysis: survival from a fixed day on, by response up to that day.

Comparing people who ever responded with those who never did, from the start of treatment, credits responders with
the days they had to live in order to respond: with a response of no effect at all it finds "p < 0.05" in half of
all data sets. So day L is fixed in advance, who has left by L belongs to neither group, response after L does not
count, and the clock restarts at L. Anderson, Cain & Gelber, J Clin Oncol 1983;1:710.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from registry.domain.statistics.counting import Counted, Refusal, Row, count, in_order, refusal
from registry.domain.statistics.tally import Tally


class LeftOut(StrEnum):
    """Why a person is in neither group."""

    EVENT = "had the event by the landmark"
    CENSORED = "censored by the landmark"
    RESPONSE_UNSOUND = "response day is not a whole day from the origin to the exit"


@dataclass(frozen=True, slots=True)
class Landmark:
    """Two groups with days counted from the landmark, and everybody who is in neither."""

    day: int
    responders: Tally
    non_responders: Tally
    responded_later: int
    """Non-responders who responded after the landmark."""
    left_out: Mapping[LeftOut, int]
    refused: Mapping[Refusal, int]


def landmark(people: Iterable[tuple[Row, int | None]], day: int, causes: int = 1) -> Landmark:
    """Split people by response on or before `day`.

    people  ((entry day | None, exit day, cause), day of response | None), days since the common origin

    Kept are those who leave after `day`. Who came under observation by then is at risk from the landmark on; who
    came later enters late.
    """
    if day < 0:
        raise ValueError("a landmark lies after the origin")
    groups: tuple[list[Row], list[Row]] = ([], [])
    left_out: Counter[LeftOut] = Counter()
    refused: Counter[Refusal] = Counter()
    later = 0
    for (entry, exit_day, cause), response in people:
        reason = refusal(entry, exit_day, cause, causes)
        if reason is not None or exit_day is None:
            refused[reason or Refusal.EXIT_MISSING] += 1
        elif response is not None and (type(response) is not int or not 0 <= response <= exit_day):
            left_out[LeftOut.RESPONSE_UNSOUND] += 1
        elif exit_day <= day:
            left_out[LeftOut.EVENT if cause else LeftOut.CENSORED] += 1
        else:
            late = None if entry is None or entry <= day else entry - day
            responded = response is not None and response <= day
            groups[responded].append((late, exit_day - day, cause))
            later += response is not None and not responded
    non_responders, responders = (_all(count(rows, causes)) for rows in groups)
    reasons = {reason: left_out[reason] for reason in LeftOut if left_out[reason]}
    return Landmark(day, responders, non_responders, later, reasons, in_order(refused))


def _all(counted: Counted) -> Tally:
    assert not counted.refused  # each row was found sound before it was shifted
    return counted.tally
