"""Q45: a pain score is the patient's own."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.rules.rule import Context, Hit, Rule

SCORES = ("nrs_worst", "nrs_average", "nrs_least", "nrs_now")


def check(case: Case, context: Context) -> Iterator[Hit]:
    for assessment in case.all(PainAssessment):
        if assessment.respondent not in ("proxy", "clinician"):
            continue
        scores = {name: getattr(assessment, name) for name in SCORES}
        stated = ", ".join(f"{name} {score}" for name, score in scores.items() if score is not None)
        if stated:
            yield Hit(assessment, "respondent", {"respondent": assessment.respondent, "scores": stated})


RULE = Rule(
    id="Q45",
    version=1,
    severity="query",
    title="Patient scores the pain",
    sentence="A numeric pain score was given by the patient.",
    message="The scores ({scores}) were given by a {respondent}. A numeric rating is the patient's "
    "own: confirm that the patient could not answer, or correct who answered.",
    why="Ratings by others differ from those of the patient and are analysed apart. Registry decision.",
    fields=tuple(f"pain_assessment.{name}" for name in ("respondent", *SCORES)),
    good=(
        {"pain_assessment": [{"assess_date": "2025-03-01", "respondent": "self", "nrs_worst": 7}]},
        {"pain_assessment": [{"assess_date": "2025-03-01", "nrs_worst": 7}]},
        {"pain_assessment": [{"assess_date": "2025-03-01", "respondent": "proxy", "narrative": "improved"}]},
    ),
    bad=(
        {"pain_assessment": [{"assess_date": "2025-03-01", "respondent": "proxy", "nrs_worst": 7}]},
        {"pain_assessment": [{"assess_date": "2025-03-01", "respondent": "clinician", "nrs_now": 2}]},
    ),
    check=check,
)
