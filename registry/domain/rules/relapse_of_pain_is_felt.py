"""Q30: a relapse of the symptom is pain, not a finding on imaging."""

from collections.abc import Iterator
from datetime import timedelta

from registry.domain.case import Case
from registry.domain.forms.follow_up import FollowUp
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.rules.rule import Context, Hit, Rule

NEAR = timedelta(30)
"""A score within this time of the visit or of the relapse counts as evidence of pain (registry decision)."""


def check(case: Case, context: Context) -> Iterator[Hit]:
    for visit in case.all(FollowUp):
        if visit.pain_relapse != "yes" or visit.radiographic_relapse != "yes":
            continue
        if visit.symptom_status in ("controlled", "uncontrolled") or _pain_near(case, visit):
            continue
        yield Hit(
            visit,
            "pain_relapse",
            {"symptom": visit.symptom_status, "visit": visit.visit_date or visit.at or visit.time_point},
        )


def _pain_near(case: Case, visit: FollowUp) -> bool:
    """Whether pain of the index site was scored or described near the relapse."""
    days = [day for day in (visit.visit_date, visit.pain_relapse_date) if day is not None]
    for score in case.all(PainAssessment):
        painful = (score.nrs_worst or 0) > 0 or score.narrative == "worse"
        if not painful or score.index_or_nonindex == "nonindex":
            continue
        if visit.time_point is not None and score.time_point == visit.time_point:
            return True
        seen = score.assess_date
        if seen is not None and any(seen.hi >= day.lo - NEAR and seen.lo <= day.hi + NEAR for day in days):
            return True
    return False


RULE = Rule(
    id="Q30",
    version=1,
    severity="query",
    title="Relapse of pain is felt",
    sentence="A relapse of the symptom is pain that came back; a relapse on imaging alone is none.",
    message="On {visit} a relapse on imaging and a relapse of the pain are both recorded, but "
    "symptom status is {symptom} and no pain is scored near that time. Send the pain assessment, or "
    "set `pain_relapse` to no.",
    why="In case 3 of Takamatsu et al. 2018 the tumour came back on imaging without any symptom: "
    "duration of response ends with the pain, not with the image.",
    fields=(
        "follow_up.pain_relapse",
        "follow_up.radiographic_relapse",
        "follow_up.symptom_status",
        "pain_assessment.nrs_worst",
        "pain_assessment.narrative",
    ),
    good=(
        {
            "follow_up": [
                {
                    "visit_date": "2025-09-01",
                    "radiographic_relapse": "yes",
                    "pain_relapse": "no",
                    "symptom_status": "none",
                }
            ]
        },
        {
            "follow_up": [
                {
                    "visit_date": "2025-09-01",
                    "radiographic_relapse": "yes",
                    "pain_relapse": "yes",
                    "symptom_status": "uncontrolled",
                }
            ]
        },
        {
            "follow_up": [{"visit_date": "2025-09-01", "radiographic_relapse": "yes", "pain_relapse": "yes"}],
            "pain_assessment": [{"assess_date": "2025-08-28", "nrs_worst": 6}],
        },
    ),
    bad=(
        {
            "follow_up": [
                {
                    "visit_date": "2025-09-01",
                    "radiographic_relapse": "yes",
                    "pain_relapse": "yes",
                    "symptom_status": "none",
                }
            ]
        },
    ),
    check=check,
)
