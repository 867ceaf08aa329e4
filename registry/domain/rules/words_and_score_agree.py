"""Q26: what was said about the pain agrees with its score."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.rules.rule import Context, Hit, Rule

PAIN_REMAINS = ("near_complete", "marked_improvement", "improved", "worse")


def check(case: Case, context: Context) -> Iterator[Hit]:
    for assessment in case.all(PainAssessment):
        score, words = assessment.nrs_worst, assessment.narrative
        if score is None or words is None:
            continue
        if (words == "resolved" and score > 0) or (words in PAIN_REMAINS and score == 0):
            meaning = "no pain" if words == "resolved" else "pain that remains"
            yield Hit(assessment, "narrative", {"narrative": words, "meaning": meaning, "score": score})


RULE = Rule(
    id="Q26",
    version=1,
    severity="query",
    title="Words and score agree",
    sentence="Pain called resolved has the score 0, and pain that is only improved has a score above 0.",
    message="The pain is described as `{narrative}`, which means {meaning}, and its worst score is "
    "{score}. Correct the one that is wrong; neither is changed by the registry.",
    why="Narrative and score are separate variables, and neither is derived from the other. Registry "
    "decision.",
    fields=("pain_assessment.narrative", "pain_assessment.nrs_worst"),
    good=(
        {"pain_assessment": [{"assess_date": "2025-03-01", "narrative": "resolved", "nrs_worst": 0}]},
        {"pain_assessment": [{"assess_date": "2025-03-01", "narrative": "improved", "nrs_worst": 3}]},
        {"pain_assessment": [{"assess_date": "2025-03-01", "narrative": "unchanged", "nrs_worst": 0}]},
        {"pain_assessment": [{"assess_date": "2025-03-01", "narrative": "resolved"}]},
    ),
    bad=(
        {"pain_assessment": [{"assess_date": "2025-03-01", "narrative": "resolved", "nrs_worst": 2}]},
        {"pain_assessment": [{"assess_date": "2025-03-01", "narrative": "improved", "nrs_worst": 0}]},
    ),
    check=check,
)
