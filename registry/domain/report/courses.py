"""What happened first to treated patients, and when: response, death without it, or irradiation again."""

from dataclasses import dataclass

import numpy as np

from registry.domain.report.contributions import contributions
from registry.domain.report.people import People
from registry.domain.report.times import Column, days, entries
from registry.domain.statistics.counting_arrays import MISSING, count_arrays, refusals
from registry.domain.statistics.tally import Tally

RESPONSE, DEATH, AGAIN = 1, 2, 3
NAMES = {RESPONSE: "Response", DEATH: "Death without response", AGAIN: "Irradiated again without response"}


@dataclass(frozen=True, slots=True)
class Courses:
    """The first events of treated patients: entry, day and cause as `count_arrays` takes them (n,), and their tally.

    Days count from the start of treatment; the cause is one of ``NAMES``, or 0 for nothing until the last day.
    """

    people: People
    entered: Column
    left: Column
    cause: Column
    tally: Tally

    def by_cause(self) -> dict[int, People]:
        """Parts by what happened first, 0 for nothing."""
        return self.people.parted((0, *NAMES), self.cause)

    def watched(self, day: int) -> People:
        """Those still without any event on a day: entered before it and not gone before it."""
        inside = (self.entered < day) & (day <= np.maximum(self.left, 0))
        return self.people.those(inside | ((day == 0) & (self.entered < 0)))

    def happened(self, cause: int, day: int) -> People:
        """Those in whom it happened first, by a day."""
        return self.people.those((self.cause == cause) & (self.left <= day))

    def gone_by(self, day: int) -> People:
        """Those whose observation ended before a day without any event."""
        return self.people.those((self.cause == 0) & (self.left < day))

    def known_by(self, day: int) -> bytes | None:
        """What the patients give to the incidences of a day: nothing that happens later counts."""
        seen, cause = np.minimum(self.left, day), np.where(self.left <= day, self.cause, 0)
        return contributions(self.people, np.minimum(self.entered, day), seen, cause)


def courses(people: People) -> Courses:
    """The courses of those of the treated patients that can be counted."""
    irradiated = people.holds_for(lambda row: row.response_radiotherapy is not None)
    died = people.holds_for(lambda row: row.response is not None and row.response.competing_cause == "death")
    followed, responded, competed = (
        np.where(
            irradiated,
            days(people, f"response_radiotherapy.{name}"),
            days(people, f"response_systemic.{name}"),
        )
        for name in ("followed_to", "responder_day", "competing_day")
    )
    competes, responds = (competed != MISSING), (responded != MISSING)
    day = np.where(responds, responded, np.where(competes, competed, followed))
    cause = np.where(responds, RESPONSE, np.where(competes, np.where(died, DEATH, AGAIN), 0))
    unknown = followed == MISSING
    day[unknown] = cause[unknown] = MISSING
    entry = entries(people, "os_treatment")
    refused = np.logical_or.reduce(
        [np.zeros(len(people), dtype=bool), *refusals(day, cause, entry, 3).values()]
    )
    good = np.flatnonzero(~refused)
    entry, day, cause = entry[good], day[good], cause[good]
    tally = count_arrays(day, cause, entry, causes=3).tally
    return Courses(People(people.study, people.places[good]), entry, day, cause, tally)
