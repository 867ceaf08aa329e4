"""Q27: the last contact with a living patient is known and not older than 90 days (MISSING_LAST_CONTACT)."""

from collections.abc import Iterator
from datetime import date

from registry.domain.case import Case
from registry.domain.forms.death import Death
from registry.domain.forms.follow_up import FollowUp
from registry.domain.forms.patient import Patient
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.vital_status import life
from registry.domain.outcomes.withdrawal import withdrawal
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    visits = case.all(FollowUp)
    if case.one(Death) is not None or any(visit.vital_status == "dead" for visit in visits):
        return
    for visit in visits:
        if visit.vital_status == "alive" and visit.visit_date is None and not _timed(visit):
            text = "The patient is said to be alive, without the date of the contact"
            yield Hit(visit, "visit_date", {"code": "MISSING_LAST_CONTACT", "what": text})
    patient = case.one(Patient)
    if patient is None or patient.source_type != "prospective" or _accounted_for(case, visits):
        return
    today, limit = context.today, context.limits.last_contact_d
    if any(
        visit.visit_date is not None
        and visit.vital_status == "alive"
        and (today - visit.visit_date.lo).days <= limit
        for visit in visits
    ):
        return
    last = life(case, Basis(today))
    if last.alive_on is not None and today.toordinal() - last.alive_on > limit:
        seen = date.fromordinal(last.alive_on).isoformat()
        text = f"The last sign of life is of {seen}, more than {limit} days ago"
        yield Hit(last.alive_by, "", {"code": "LAST_CONTACT_OLD", "what": text})


def _timed(visit: FollowUp) -> bool:
    """Whether the source gives the time of the contact itself and not only a limit of it."""
    return visit.at is not None and visit.at.relation == "about"


def _accounted_for(case: Case, visits: tuple[FollowUp, ...]) -> bool:
    """Whether the hospital has said why there is no later contact."""
    return withdrawal(case) is not None or any(visit.lost_to_followup is not None for visit in visits)


RULE = Rule(
    id="Q27",
    version=1,
    severity="query",
    title="Living patient was seen lately",
    sentence="For a patient not known to be dead the last contact is known and, in the prospective "
    "study, at most 90 days old.",
    message="{what}. Send the last contact or the death with its date, or record the patient as lost "
    "to follow-up with the last date known alive.",
    why="Survival is censored at the last contact; 'currently alive' without a date, as in case 3 of "
    "Takamatsu et al. 2018, cannot be censored anywhere. The limit of 90 days is a registry "
    "decision.",
    fields=(
        "follow_up.visit_date",
        "follow_up.vital_status",
        "follow_up.lost_to_followup",
        "death.death_date",
        "patient.source_type",
        "patient.enrolment_date",
    ),
    good=(
        {
            "patient": {"source_type": "prospective", "enrolment_date": "2025-03-01"},
            "follow_up": [{"visit_date": "2025-12-20", "vital_status": "alive"}],
        },
        {
            "patient": {"source_type": "prospective", "enrolment_date": "2025-03-01"},
            "death": {"death_date": "2025-06-01"},
        },
        {
            "patient": {"source_type": "retrospective"},
            "follow_up": [{"visit_date": "2020-12-20", "vital_status": "alive"}],
        },
        {
            "patient": {"source_type": "prospective", "enrolment_date": "2025-03-01"},
            "follow_up": [
                {
                    "visit_date": "2025-04-20",
                    "vital_status": "unknown",
                    "lost_to_followup": {"last_known_alive": "2025-04-02"},
                }
            ],
        },
    ),
    bad=(
        {
            "patient": {"source_type": "prospective", "enrolment_date": "2025-03-01"},
            "follow_up": [{"visit_date": "2025-05-20", "vital_status": "alive"}],
        },
        {"patient": {"source_type": "prospective", "enrolment_date": "2025-03-01"}},
        {
            "patient": {"source_type": "literature"},
            "follow_up": [
                {
                    "time_point": "last report",
                    "vital_status": "alive",
                    "at": {"value": 7, "unit": "mo", "origin": "treatment_end", "relation": "more_than"},
                }
            ],
        },
    ),
    check=check,
)
