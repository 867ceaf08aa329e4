"""Q34: worst pain is one whole number, not a range and not millimetres."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for assessment in case.all(PainAssessment):
        if assessment.nrs_worst is not None:
            continue
        given = assessment.nrs_worst_range
        if given is not None:
            yield Hit(assessment, "nrs_worst_range", {"given": f"the range {given.lo} to {given.hi}"})
        if assessment.vas_worst_mm is not None:
            text = f"{assessment.vas_worst_mm:g} mm on a visual analogue scale"
            yield Hit(assessment, "vas_worst_mm", {"given": text})


RULE = Rule(
    id="Q34",
    version=1,
    severity="query",
    title="Pain is one whole number",
    sentence="Worst pain is given as one whole number from 0 to 10.",
    message="Worst pain was given as {given}. It is kept as it is and no number is made of it; send "
    "the numeric rating if the patient gave one, otherwise answer that there is none.",
    why="A range has no single value and a visual analogue scale is another instrument: neither is "
    "turned into a rating by taking the middle or by dividing by ten.",
    fields=tuple(f"pain_assessment.{name}" for name in ("nrs_worst", "nrs_worst_range", "vas_worst_mm")),
    good=(
        {"pain_assessment": [{"assess_date": "2025-03-01", "nrs_worst": 7}]},
        {"pain_assessment": [{"assess_date": "2025-03-01", "nrs_worst": 7, "vas_worst_mm": 68}]},
        {"pain_assessment": [{"assess_date": "2025-03-01"}]},
    ),
    bad=(
        {"pain_assessment": [{"assess_date": "2025-03-01", "nrs_worst_range": {"lo": 4, "hi": 5}}]},
        {"pain_assessment": [{"assess_date": "2025-03-01", "vas_worst_mm": 68}]},
    ),
    check=check,
)
