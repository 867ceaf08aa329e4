"""Q32: worst pain is not below average, least or present pain, and average not below least."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.rules.rule import Context, Hit, Rule

ORDER = (
    ("nrs_worst", "nrs_average"),
    ("nrs_worst", "nrs_now"),
    ("nrs_worst", "nrs_least"),
    ("nrs_average", "nrs_least"),
)
"""(score that is at least as high, score that is at most as high)"""


def check(case: Case, context: Context) -> Iterator[Hit]:
    for assessment in case.all(PainAssessment):
        for upper, lower in ORDER:
            high, low = getattr(assessment, upper), getattr(assessment, lower)
            if high is not None and low is not None and high < low:
                values = {"upper": upper, "high": high, "lower": lower, "low": low}
                yield Hit(assessment, upper, values)


RULE = Rule(
    id="Q32",
    version=1,
    severity="query",
    title="Worst pain is the worst",
    sentence="Worst pain is at least average, least and present pain, and average pain at least the least.",
    message="`{upper}` is {high} and `{lower}` is {low}, but {high} is less than {low}. If the "
    "patient said so, confirm it and it stays; if the scores were exchanged, correct them.",
    why="A patient's answer is source data and is never forced to be consistent, so this asks and "
    "does not refuse. Registry decision.",
    fields=tuple(f"pain_assessment.{name}" for name in ("nrs_worst", "nrs_average", "nrs_least", "nrs_now")),
    good=(
        {
            "pain_assessment": [
                {"assess_date": "2025-03-01", "nrs_worst": 8, "nrs_average": 5, "nrs_least": 2, "nrs_now": 5}
            ]
        },
        {
            "pain_assessment": [
                {"assess_date": "2025-03-01", "nrs_worst": 5, "nrs_average": 5, "nrs_least": 5}
            ]
        },
        {"pain_assessment": [{"assess_date": "2025-03-01", "nrs_least": 4}]},
    ),
    bad=(
        {"pain_assessment": [{"assess_date": "2025-03-01", "nrs_worst": 4, "nrs_average": 6}]},
        {"pain_assessment": [{"assess_date": "2025-03-01", "nrs_worst": 4, "nrs_now": 5}]},
        {"pain_assessment": [{"assess_date": "2025-03-01", "nrs_worst": 4, "nrs_least": 5}]},
        {"pain_assessment": [{"assess_date": "2025-03-01", "nrs_average": 2, "nrs_least": 3}]},
    ),
    check=check,
)
