"""Q55: two contacts are at most sixty days apart."""

from collections.abc import Iterator
from itertools import pairwise

from registry.domain.case import Case
from registry.domain.dates import days_between
from registry.domain.forms.follow_up import FollowUp
from registry.domain.forms.patient import Patient
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    patient = case.one(Patient)
    visits = case.all(FollowUp)
    if len(visits) < 2 or patient is None or patient.source_type != "prospective":
        return
    limit = context.limits.visit_gap_d
    dated = [(visit.visit_date, visit) for visit in visits if visit.visit_date is not None]
    dated.sort(key=lambda one: one[0].lo)
    for (earlier, _), (later, visit) in pairwise(dated):
        days = days_between(earlier, later)[0]
        if days > limit:
            yield Hit(visit, "visit_date", {"earlier": earlier, "later": later, "days": days, "limit": limit})


RULE = Rule(
    id="Q55",
    version=1,
    severity="query",
    title="Visits are sixty days apart at most",
    sentence="In the prospective study two contacts with the patient are at most 60 days apart.",
    message="Between the contacts of {earlier} and {later} lie {days} days, more than {limit}. Send "
    "a contact in between if there was one, or answer that there was none.",
    why="The schedule is four-weekly after week 12; in a longer gap a response, a relapse or a "
    "toxicity goes unseen. Registry decision.",
    fields=("follow_up.visit_date", "patient.source_type"),
    good=(
        {
            "patient": {"source_type": "prospective"},
            "follow_up": [
                {"visit_date": "2025-03-01"},
                {"visit_date": "2025-04"},
                {"visit_date": "2025-05-30"},
            ],
        },
        {"patient": {"source_type": "prospective"}, "follow_up": [{"visit_date": "2025-03-01"}]},
        {
            "patient": {"source_type": "retrospective"},
            "follow_up": [{"visit_date": "2025-03-01"}, {"visit_date": "2025-09-01"}],
        },
    ),
    bad=(
        {
            "patient": {"source_type": "prospective"},
            "follow_up": [{"visit_date": "2025-03-01"}, {"visit_date": "2025-06-01"}],
        },
    ),
    check=check,
)
