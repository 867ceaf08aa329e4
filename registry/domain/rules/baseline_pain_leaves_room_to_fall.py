"""Q21: worst pain at baseline is at least two, so that it can fall by two."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.rules.baseline_is_recorded_before_treatment import (
    first_day,
    index_scores,
    index_starts,
    is_baseline,
)
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    limits = context.limits
    for treatment, start in index_starts(case, context):
        scores = [
            score for score in index_scores(case, treatment) if is_baseline(score, start, limits.baseline_d)
        ]
        for side in treatment.sides or (None,):
            of_side = [s for s in scores if side is None or s.site_side in (side, "midline", None)]
            if not of_side:
                continue
            nearest = max(of_side, key=first_day)
            worst = nearest.nrs_worst
            if worst is not None and worst < limits.baseline_worst_min:
                values = {
                    "score": worst,
                    "date": nearest.assess_date,
                    "start": start,
                    "treatment": treatment.id,
                }
                yield Hit(nearest, "nrs_worst", {**values, "limit": limits.baseline_worst_min})
                break


RULE = Rule(
    id="Q21",
    version=1,
    severity="query",
    title="Baseline pain leaves room to fall",
    sentence="Worst index pain before the index treatment is at least 2.",
    message="Worst pain at baseline ({date}, treatment {treatment} from {start}) is {score}, less "
    "than {limit}: it cannot fall by the two points of a partial response. Confirm the score, or "
    "that this is the index pain.",
    why="Partial response by pain is a fall of two points (Chow 2012); trials of palliative "
    "radiotherapy enter patients with a score of 2 or more (UMIN000044984).",
    fields=(
        "pain_assessment.nrs_worst",
        "pain_assessment.assess_date",
        "radiotherapy.start",
        "systemic_therapy.c1d1",
    ),
    good=(
        {
            "mps_episode": [{"side": "left"}],
            "radiotherapy": [{"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03"}],
            "pain_assessment": [
                {"assess_date": "2025-02-20", "site_side": "left", "nrs_worst": 1},
                {"assess_date": "2025-03-01", "site_side": "left", "nrs_worst": 5},
            ],
        },
        {"pain_assessment": [{"assess_date": "2025-03-01", "nrs_worst": 1}]},
    ),
    bad=(
        {
            "mps_episode": [{"side": "left"}],
            "radiotherapy": [{"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03"}],
            "pain_assessment": [{"assess_date": "2025-03-01", "site_side": "left", "nrs_worst": 1}],
        },
    ),
    check=check,
)
