"""Q29: no systemic therapy begins or ends between baseline and the assessment of response."""

from collections.abc import Iterator
from datetime import timedelta

from registry.domain.case import Case
from registry.domain.dates import PartialDate, certainly_after
from registry.domain.forms.systemic_therapy import SystemicTherapy
from registry.domain.rules.baseline_is_recorded_before_treatment import index_scores, index_starts
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    therapies = case.all(SystemicTherapy)
    if not therapies:
        return
    for treatment, start in index_starts(case, context):
        last = (
            treatment.end.hi if treatment.end else start.hi.toordinal()
        ) + context.limits.response_window_d
        window_end = PartialDate.of(start.hi.fromordinal(last))
        assessed = sorted(
            score.assess_date.lo
            for score in index_scores(case, treatment)
            if score.assess_date is not None
            and certainly_after(score.assess_date, start)
            and not certainly_after(score.assess_date, window_end)
        )
        for therapy in therapies:
            if therapy is treatment.record or therapy.status != "given":
                continue
            for name, what, change in (
                ("c1d1", "began", therapy.c1d1),
                ("last_dose_date", "ended", therapy.last_dose_date),
            ):
                if change is None or not start.hi - timedelta(context.limits.baseline_d) <= change.lo:
                    continue
                later = next((day for day in assessed if day > change.hi), None)
                if later is not None:
                    values = {
                        "regimen": therapy.regimen or therapy.therapy_id,
                        "what": what,
                        "change": change,
                    }
                    yield Hit(therapy, name, {**values, "start": start, "assessed": later.isoformat()})
                    break


RULE = Rule(
    id="Q29",
    version=1,
    severity="query",
    title="Systemic therapy is steady during response",
    sentence="Between baseline and the assessment of response no other systemic therapy begins or ends.",
    message="{regimen} {what} on {change}, between the baseline of the treatment of {start} and the "
    "assessment of {assessed}. The response is kept and flagged as confounded: confirm the dates of "
    "the systemic therapy.",
    why="A response cannot be attributed to one of two treatments that changed together; it is "
    "excluded in a sensitivity analysis. Registry decision.",
    fields=(
        "systemic_therapy.c1d1",
        "systemic_therapy.last_dose_date",
        "pain_assessment.assess_date",
        "radiotherapy.start",
        "radiotherapy.end",
    ),
    good=(
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03", "end": "2025-03-14"}
            ],
            "systemic_therapy": [
                {
                    "therapy_id": "TC-1",
                    "regimen": "TC",
                    "c1d1": "2024-06-01",
                    "last_dose_date": "2024-10-01",
                }
            ],
            "pain_assessment": [{"assess_date": "2025-05-10", "nrs_worst": 3}],
        },
        {
            "radiotherapy": [{"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03"}],
            "systemic_therapy": [{"therapy_id": "TC-1", "regimen": "TC", "c1d1": "2025-06-01"}],
            "pain_assessment": [{"assess_date": "2025-05-10", "nrs_worst": 3}],
        },
        {
            "systemic_therapy": [{"therapy_id": "TC-1", "index_treatment": True, "c1d1": "2025-03-03"}],
            "pain_assessment": [{"assess_date": "2025-05-10", "nrs_worst": 3}],
        },
    ),
    bad=(
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03", "end": "2025-03-14"}
            ],
            "systemic_therapy": [{"therapy_id": "TC-1", "regimen": "TC", "c1d1": "2025-04-01"}],
            "pain_assessment": [{"assess_date": "2025-05-10", "nrs_worst": 3}],
        },
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03", "end": "2025-03-14"}
            ],
            "systemic_therapy": [
                {
                    "therapy_id": "TC-1",
                    "regimen": "TC",
                    "c1d1": "2024-11-01",
                    "last_dose_date": "2025-03-20",
                }
            ],
            "pain_assessment": [{"assess_date": "2025-05-10", "nrs_worst": 3}],
        },
    ),
    check=check,
)
