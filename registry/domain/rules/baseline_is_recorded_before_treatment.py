"""Q20: the index pain was scored in the fourteen days before the index treatment."""

from collections.abc import Iterator
from datetime import timedelta

from registry.domain.case import Case
from registry.domain.dates import PartialDate, certainly_after
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.treatment import Treatment, treatments
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for treatment, start in index_starts(case, context):
        scores = index_scores(case, treatment)
        begun = any(
            day is not None and certainly_after(day, start) for day in (score.assess_date for score in scores)
        )
        if not begun and (context.today - start.hi).days <= context.limits.baseline_wait_d:
            continue
        for side in treatment.sides or ("midline",):
            of_side = [
                score for score in scores if score.site_side in (side, "midline", None) or side == "midline"
            ]
            if not any(is_baseline(score, start, context.limits.baseline_d) for score in of_side):
                name = "start" if treatment.kind == "radiotherapy" else "c1d1"
                values = {
                    "side": side,
                    "treatment": f"{treatment.words} {treatment.id}",
                    "start": start,
                    "limit": context.limits.baseline_d,
                    "last": _last_before(of_side, start),
                }
                yield Hit(treatment.record, name, values)


def index_starts(case: Case, context: Context) -> Iterator[tuple[Treatment, PartialDate]]:
    """The index treatments that are known to have started, with the first day of each."""
    for treatment in treatments(case, Basis(context.today)):
        record = treatment.record
        start = record.start if isinstance(record, Radiotherapy) else record.c1d1
        if treatment.index and start is not None:
            yield treatment, start


def index_scores(case: Case, treatment: Treatment) -> list[PainAssessment]:
    """Assessments of the index pain of the episode that was treated."""
    return [
        assessment
        for assessment in case.all(PainAssessment)
        if assessment.index_or_nonindex != "nonindex" and assessment.episode_no == treatment.episode_no
    ]


def is_baseline(score: PainAssessment, start: PartialDate, days: int) -> bool:
    """Whether worst pain may have been scored in the days before the start, the day of the start included."""
    day = score.assess_date
    if day is None or (score.nrs_worst is None and score.nrs_worst_range is None):
        return False
    return day.hi >= start.lo - timedelta(days) and day.lo <= start.hi


def first_day(score: PainAssessment) -> int:
    """First day (ordinal) a score may belong to, so that scores can be put in order; 0 without a date."""
    return 0 if score.assess_date is None else score.assess_date.lo.toordinal()


def _last_before(scores: list[PainAssessment], start: PartialDate) -> str:
    """What there is instead of a baseline."""
    days = [
        score.assess_date
        for score in scores
        if score.nrs_worst is not None
        and score.assess_date is not None
        and certainly_after(start, score.assess_date)
    ]
    if not days:
        return "none is recorded"
    last = max(days, key=lambda day: day.lo)
    return f"the last is of {last}, {(start.lo - last.hi).days} days before"


RULE = Rule(
    id="Q20",
    version=1,
    severity="query",
    title="Baseline is recorded before treatment",
    sentence="Worst index pain is scored in the 14 days before the index treatment starts.",
    message="{treatment} started on {start}, and for the {side} side there is no worst pain score in "
    "the {limit} days before it: {last}. Send the baseline assessment, or answer that there is none. "
    "The case stays out of the primary analysis until this is answered.",
    why="Every response is a change from baseline (Chow 2012); without one the patient is not "
    "evaluable and stays in the denominator. The window of 14 days is a registry decision.",
    fields=(
        "pain_assessment.assess_date",
        "pain_assessment.nrs_worst",
        "pain_assessment.index_or_nonindex",
        "pain_assessment.site_side",
        "radiotherapy.start",
        "radiotherapy.index_treatment",
        "systemic_therapy.c1d1",
        "systemic_therapy.index_treatment",
    ),
    good=(
        {
            "mps_episode": [{"side": "left"}],
            "radiotherapy": [{"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03"}],
            "pain_assessment": [
                {
                    "assess_date": "2025-02-26",
                    "index_or_nonindex": "index",
                    "site_side": "left",
                    "nrs_worst": 8,
                }
            ],
        },
        {"radiotherapy": [{"rt_id": "RT-1", "index_treatment": True, "start": "2026-01-08"}]},
        {"radiotherapy": [{"rt_id": "RT-1", "index_treatment": True}]},
        {"radiotherapy": [{"rt_id": "RT-1", "index_treatment": False, "start": "2025-03-03"}]},
    ),
    bad=(
        {
            "mps_episode": [{"side": "left"}],
            "radiotherapy": [{"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03"}],
        },
        {
            "mps_episode": [{"side": "left"}],
            "radiotherapy": [{"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03"}],
            "pain_assessment": [
                {
                    "assess_date": "2025-01-02",
                    "index_or_nonindex": "index",
                    "site_side": "left",
                    "nrs_worst": 8,
                }
            ],
        },
        {
            "mps_episode": [{"side": "right"}],
            "systemic_therapy": [{"therapy_id": "TC-1", "index_treatment": True, "c1d1": "2026-01-05"}],
            "pain_assessment": [
                {
                    "assess_date": "2026-01-12",
                    "index_or_nonindex": "index",
                    "site_side": "right",
                    "nrs_worst": 4,
                }
            ],
        },
    ),
    check=check,
    blocking=True,
)
