"""From which cut-off on the row of a case no longer changes, its records given."""

from datetime import date

from registry.domain.case import Case
from registry.domain.outcomes.days_out_of_hospital import DAYS
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.treatment import treatments
from registry.domain.outcomes.vital_status import life
from registry.domain.outcomes.windows import anchor_day, windows


def settled_on(case: Case, basis: Basis) -> str:
    """The first settled cut-off as YYYY-MM-DD: every date lies behind it and every window is over.

    After a death no window waits for anything.
    """
    known = life(case, basis)
    days = [known.last_date, 1]
    if known.death is None:
        for treatment in treatments(case, basis):
            if treatment.start is None:
                continue
            days.append(treatment.start.day + DAYS)
            for window in windows(treatment):
                anchor = anchor_day(window, treatment)
                if anchor is not None:
                    days.append(anchor + window.last)
    return date.fromordinal(max(days)).isoformat()
