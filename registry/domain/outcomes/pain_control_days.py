"""Days alive with pain control: the share of days after treatment with worst pain 3 or less, or in response.

A score, or a follow-up that says whether the pain is controlled, speaks for its day and the six days after
it, until the next one; of several on one day the worst pain decides. Days in response count as controlled.
All other days are unknown, and the share is given between all of them uncontrolled and all of them
controlled. Registry decisions.
"""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.follow_up import FollowUp
from registry.domain.forms.form import Form
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.outcomes.intervals import Stretch, common, length
from registry.domain.outcomes.moment import Moment
from registry.domain.outcomes.net_benefit import course_inputs, days_in_response
from registry.domain.outcomes.outcome import Basis, Derived, Outcome
from registry.domain.outcomes.treatment import index_treatment
from registry.domain.outcomes.vital_status import life

REASONS = ("no_treatment_date", "no_death_date", "no_last_contact", "no_time")

CONTROLLED_NRS = 3
SPEAKS_FOR_DAYS = 7


def _derive(case: Case, basis: Basis) -> Iterator[Derived]:
    treatment, known = index_treatment(case, basis), life(case, basis)
    if treatment is None or not treatment.sides:
        return
    inputs = (treatment.record, *known.shown_by, *course_inputs(case, basis))
    if treatment.start is None or known.end is None:
        reason = "no_treatment_date" if treatment.start is None else known.reason
        text = "The days with pain control are unknown: the beginning or the end of the time is not dated."
        yield Derived("", None, text, reason, inputs=inputs)
        return
    start, end = treatment.start.day, known.end
    total = end - start
    if total <= 0:
        yield Derived(
            "", None, "No time was observed after the start of treatment.", "no_time", inputs=inputs
        )
        return
    good, bad, records = _spoken_for(case, start, end)
    responding = common(days_in_response(case, basis, end, carried=True), [(start, end)])
    controlled = length([*good, *responding])
    uncontrolled = length([*good, *responding, *bad]) - controlled
    lo, hi = controlled / total, (total - uncontrolled) / total
    text = (
        f"Pain was controlled on {controlled} and not controlled on {uncontrolled} of {total} days after "
        f"treatment; the share of days with control lies between {lo:.0%} and {hi:.0%}."
    )
    value = {
        "days": total,
        "days_controlled": controlled,
        "days_uncontrolled": uncontrolled,
        "share_lo": lo,
        "share_hi": hi,
    }
    yield Derived("", value, text, inputs=(*inputs, *records))


def _spoken_for(case: Case, start: int, end: int) -> tuple[list[Stretch], list[Stretch], list[Form]]:
    """Stretches known to be controlled, stretches known not to be, and the records that say so."""
    said: dict[int, tuple[int, bool]] = {}  # day -> (a score before words, uncontrolled before controlled)
    records: list[Form] = []
    said_by: tuple[PainAssessment | FollowUp, ...] = (*case.all(PainAssessment), *case.all(FollowUp))
    for record in said_by:
        found = _control(record)
        if found is None or not start - SPEAKS_FOR_DAYS < found[0] < end:
            continue
        day, rank, controlled = found
        records.append(record)
        before = said.get(day)
        if before is None or (rank, not controlled) > (before[0], not before[1]):
            said[day] = (rank, controlled)
    days = sorted(said)
    good: list[Stretch] = []
    bad: list[Stretch] = []
    for day, following in zip(days, [*days, end][1:], strict=True):
        stretch = (max(day, start), min(day + SPEAKS_FOR_DAYS, following, end))
        (good if said[day][1] else bad).append(stretch)
    return good, bad, records


def _control(record: PainAssessment | FollowUp) -> tuple[int, int, bool] | None:
    """Day, weight (a score weighs more than words) and whether the index pain was controlled."""
    if isinstance(record, PainAssessment):
        if record.index_or_nonindex != "index" or record.recall != "24h" or record.nrs_worst is None:
            return None
        written = record.assess_date
        return None if written is None else (Moment.of(written).day, 1, record.nrs_worst <= CONTROLLED_NRS)
    if record.visit_date is None or record.symptom_status is None or record.vital_status == "dead":
        return None
    return Moment.of(record.visit_date).day, 0, record.symptom_status != "uncontrolled"


OUTCOME = Outcome(
    id="PAINCTRL",
    version=1,
    title="Days alive with pain control",
    definition="Share of the days from the index treatment to death or last contact with worst pain 3 or "
    "less, or in response, between bounds for the days of which nothing is known.",
    source="registry decision",
    derive=_derive,
    uses_opioid_table=True,
)
