"""Q33: pain that worsens within ten days of the start of radiotherapy is a flare, not progression."""

from collections.abc import Iterator
from datetime import date, timedelta

from registry.domain.case import Case
from registry.domain.dates import PartialDate
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.forms.toxicity import Toxicity
from registry.domain.outcomes.opioid_regimen import opioids
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.response_category import Category, consensus, pain_only
from registry.domain.rules.baseline_is_recorded_before_treatment import (
    first_day,
    index_scores,
    index_starts,
    is_baseline,
)
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for treatment, start in index_starts(case, context):
        if treatment.kind != "radiotherapy" or not start.exact:
            continue
        last = start.lo + timedelta(context.limits.flare_d)
        if _flare_recorded(case, start, last):
            continue
        scores = [score for score in index_scores(case, treatment) if score.nrs_worst is not None]
        for score in scores:
            day = score.assess_date
            if day is None or not (start.lo < day.lo and day.hi <= last):
                continue
            before = [
                other
                for other in scores
                if is_baseline(other, start, context.limits.baseline_d) and other.site_side == score.site_side
            ]
            baseline = max(before, key=first_day, default=None)
            if baseline is not None and _progresses(case, context, baseline, score):
                values = {
                    "date": day,
                    "days": (day.lo - start.lo).days,
                    "start": start,
                    "before": baseline.nrs_worst,
                    "after": score.nrs_worst,
                    "limit": context.limits.flare_d,
                }
                yield Hit(score, "nrs_worst", values)


def _progresses(case: Case, context: Context, before: PainAssessment, after: PainAssessment) -> bool:
    """Whether the two assessments by themselves would count as pain progression."""
    if before.nrs_worst is None or after.nrs_worst is None:
        return False
    if after.nrs_worst < before.nrs_worst:
        return False  # less pain is no progression, whatever the opioid
    basis = Basis(context.today)
    taken = opioids(case)
    doses = [taken.on(first_day(score)).mg(basis.opioid_table) for score in (before, after)]
    if doses[0] is None or doses[1] is None:
        return pain_only(before.nrs_worst, after.nrs_worst).category is Category.PP
    return consensus(before.nrs_worst, after.nrs_worst, doses[0], doses[1]).category is Category.PP


def _flare_recorded(case: Case, start: PartialDate, last: date) -> bool:
    return any(
        event.term == "pain_flare"
        and (event.onset is None or (start.lo <= event.onset.hi and event.onset.lo <= last))
        for event in case.all(Toxicity)
    )


RULE = Rule(
    id="Q33",
    version=1,
    severity="query",
    title="Early worsening is a flare",
    sentence="Pain that worsens within ten days of the start of radiotherapy is recorded as a flare "
    "and not taken as progression.",
    message="Worst pain went from {before} to {after} on {date}, {days} days after the start on "
    "{start} and within the {limit} days in which a flare is expected. It is not counted as "
    "progression: record a pain flare as toxicity, or say what else explains it.",
    why="A flare comes in the first days and passes (NCT03831243); extending it to ten days is "
    "customary, from memory, check before the statistical analysis plan is frozen.",
    fields=(
        "pain_assessment.nrs_worst",
        "pain_assessment.assess_date",
        "radiotherapy.start",
        "toxicity.term",
        "toxicity.onset",
    ),
    good=(
        {
            "radiotherapy": [{"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03"}],
            "pain_assessment": [
                {"assess_date": "2025-03-01", "nrs_worst": 6},
                {"assess_date": "2025-03-06", "nrs_worst": 7},
                {"assess_date": "2025-04-20", "nrs_worst": 8},
            ],
        },
        {
            "radiotherapy": [{"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03"}],
            "pain_assessment": [
                {"assess_date": "2025-03-01", "nrs_worst": 6},
                {"assess_date": "2025-03-06", "nrs_worst": 9},
            ],
            "toxicity": [{"term": "pain_flare", "onset": "2025-03-05", "grade": 2}],
        },
    ),
    bad=(
        {
            "radiotherapy": [{"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03"}],
            "pain_assessment": [
                {"assess_date": "2025-03-01", "nrs_worst": 6},
                {"assess_date": "2025-03-06", "nrs_worst": 9},
            ],
        },
    ),
    check=check,
)
