"""How long people were watched: Kaplan-Meier with the roles of event and censoring exchanged.

The median of this curve is the median follow-up (Schemper & Smith, Control Clin Trials 1996;17:343). Averaging the
observed times instead calls those who died early badly followed.
"""

from registry.domain.statistics.kaplan_meier import Curve, kaplan_meier
from registry.domain.statistics.tally import Tally


def follow_up(tally: Tally) -> Curve:
    """Probability of still being under observation after each day, had nobody had the event.

    Events and censoring of one day: both at risk that day, as in the tally; every cause of exit is an event.
    """
    return kaplan_meier(tally.reversed())
