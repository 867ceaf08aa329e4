"""The tallies behind the curves: with them every estimate of survival and incidence can be computed again.

In a small group a tally tells as much as a list of patients, so it is for staff (see ``docs/recompute_report.R``).
"""

from registry.domain.report.courses import AGAIN, DEATH, RESPONSE, courses
from registry.domain.report.document import Study
from registry.domain.report.sets import treated
from registry.domain.report.survival import sets
from registry.domain.report.times import times
from registry.domain.statistics.stored_tally import StoredRow, stored_rows
from registry.domain.statistics.tally import DayCount, Tally

PARAMETERS = {"os_onset": "OSONS", "os_diagnosis": "OSDX", "os_treatment": "OSTRT"}
RESPONDED = "TTRESP"


def tally_rows(study: Study) -> list[StoredRow]:
    """The stored tallies of the three survival times, and of response (death and re-irradiation compete together)."""
    found = {PARAMETERS[origin]: times(people, origin).tally for origin, people in sets(study).items()}
    response = courses(treated(study)).tally
    found[RESPONDED] = _two_causes(response)
    return stored_rows(found)


def _two_causes(tally: Tally) -> Tally:
    rows = (
        DayCount(
            row.day,
            row.entries,
            (row.events[RESPONSE - 1], row.events[DEATH - 1] + row.events[AGAIN - 1]),
            row.censored,
        )
        for row in tally.days
    )
    return Tally.of(tally.n0, rows, causes=2)
