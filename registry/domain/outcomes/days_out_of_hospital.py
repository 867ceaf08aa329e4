"""Days alive and out of hospital in the 90 days from the index treatment (DAOH90).

    DAOH90 = 90 - nights in hospital - days dead

A night counts where it begins; admission and discharge on one day are no night. Hospitals report the nights
since the last contact, so nights reported by the first contact after the start may lie before it, those
reported by one after day 90 may lie behind it, and after the last contact nothing is known: the figure takes
the reported nights and no others, and the bounds say what else is possible. Enrolment counts as a contact.
Registry decision.

Example: treated on day 0, 20 nights in hospital, died on day 70: 90 - 20 - 20 = 50.
"""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.follow_up import FollowUp
from registry.domain.forms.patient import Patient
from registry.domain.outcomes.moment import Moment
from registry.domain.outcomes.outcome import Basis, Derived, Outcome
from registry.domain.outcomes.treatment import index_treatment
from registry.domain.outcomes.vital_status import life

REASONS = ("no_treatment_date", "no_death_date", "no_last_contact", "pending", "follow_up_too_short")

DAYS = 90


def _derive(case: Case, basis: Basis) -> Iterator[Derived]:
    treatment, known = index_treatment(case, basis), life(case, basis)
    if treatment is None:
        return
    if treatment.start is None or known.end is None:
        reason = "no_treatment_date" if treatment.start is None else known.reason
        text = (
            "Days alive and out of hospital are unknown: the treatment or the end of the time is not dated."
        )
        yield Derived("", None, text, reason, inputs=(treatment.record, *known.shown_by))
        return
    start = treatment.start.day
    last = start + DAYS
    dead = max(0, last - max(known.end, start)) if known.died else 0
    visits = _visits(case, start, basis.cutoff.toordinal())
    patient = case.one(Patient)
    others = (visit for visit in case.all(FollowUp) if visit.visit_date is not None)
    inputs = (treatment.record, *known.shown_by, *((patient,) if patient else ()), *others)
    if not known.died and known.end < last:
        pending = basis.cutoff.toordinal() < last
        text = "Days alive and out of hospital cannot be given: the 90 days are not over."
        if not pending:
            text = (
                f"Days alive and out of hospital cannot be given: followed for {known.end - start} "
                "of 90 days."
            )
        yield Derived("", None, text, "pending" if pending else "follow_up_too_short", inputs=inputs)
        return
    alive = DAYS - dead
    before = _contact_before(case, start)
    nights, least, most = _nights(
        visits, None if before is None else start - before, start, start + alive, dead > 0
    )
    days = max(0, alive - min(nights, alive))
    lo, hi = max(0, alive - most), max(0, alive - least)
    text = f"{days} of the 90 days after treatment were spent alive and out of hospital"
    text += f" ({nights} nights in hospital, {dead} days dead)"
    text += "." if lo == hi else f"; what is not reported leaves room for {lo} to {hi} days."
    value = {"days": days, "days_lo": lo, "days_hi": hi, "nights": nights, "days_dead": dead}
    yield Derived("", value, text, flags=() if lo == hi else ("nights_uncertain",), inputs=inputs)


def _visits(case: Case, start: int, cutoff: int) -> list[tuple[int, FollowUp]]:
    """Contacts that report nights, after the start and up to the cut-off, in order of time."""
    found = [
        (Moment.of(visit.visit_date).day, visit)
        for visit in case.all(FollowUp)
        if visit.visit_date is not None and visit.hospital_days_since_last is not None
    ]
    return sorted((one for one in found if start < one[0] <= cutoff), key=lambda one: (one[0], one[1].key))


def _contact_before(case: Case, start: int) -> int | None:
    """The last contact up to the start: a follow-up, or enrolment."""
    patient = case.one(Patient)
    dates = [visit.visit_date for visit in case.all(FollowUp)]
    dates.append(patient.enrolment_date if patient else None)
    days = [Moment.of(written).day for written in dates if written is not None]
    return max((day for day in days if day <= start), default=None)


def _nights(
    visits: list[tuple[int, FollowUp]], lead: int | None, start: int, until: int, died: bool
) -> tuple[int, int, int]:
    """Nights from ``start`` to ``until`` as reported, and the fewest and the most that are possible.

    lead  days from the last contact before the start to the start; None when there was none
    died  the patient died on ``until``, so no night lies behind it
    """
    reported = least = 0
    since = start
    for day, visit in visits:
        if since >= until:
            break
        told, inside = visit.hospital_days_since_last or 0, min(day, until) - since
        before = 0 if since > start else told if lead is None else lead
        behind = 0 if died else max(0, day - until)
        reported += min(told, inside)
        least += min(inside, max(0, told - before - behind))
        since = min(day, until)
    unreported = max(0, until - since)
    return reported, least, reported + unreported


OUTCOME = Outcome(
    id="DAOH90",
    version=1,
    title="Days alive and out of hospital within 90 days",
    definition="90 minus nights in hospital minus days dead, counted from the start of the index treatment.",
    source="registry decision",
    derive=_derive,
)
