"""E11: a score lies on its scale, and a sum is the sum of its items."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.rules.rule import Context, Hit, Rule

LANSS_WEIGHTS = (5, 5, 3, 2, 1, 5, 3)
"""What each item of the LANSS counts when it is present; 0 when it is not (Bennett 2001)."""


def check(case: Case, context: Context) -> Iterator[Hit]:
    for assessment in case.all(PainAssessment):
        worst = assessment.nrs_worst_range
        if worst is not None and worst.lo > worst.hi:
            problem = f"the range runs from {worst.lo} down to {worst.hi}; exchange its bounds"
            yield Hit(assessment, "nrs_worst_range", {"problem": problem})
        items, total = assessment.lanss_items, assessment.lanss
        if items is None:
            continue
        wrong = [
            i for i, (n, weight) in enumerate(zip(items, LANSS_WEIGHTS, strict=False)) if n not in (0, weight)
        ]
        for i in wrong:
            problem = f"item {i + 1} of the LANSS is {items[i]}; it counts 0 or {LANSS_WEIGHTS[i]}"
            yield Hit(assessment, f"lanss_items/{i}", {"problem": problem})
        if total is not None and not wrong and sum(items) != total:
            problem = f"the items of the LANSS make {sum(items)}, but its score is given as {total}"
            yield Hit(assessment, "lanss", {"problem": problem})


RULE = Rule(
    id="E11",
    version=1,
    severity="reject",
    title="Pain scores lie on their scale",
    sentence="A numeric pain rating is a whole number from 0 to 10, a range has its lower bound first, and "
    "a LANSS score is the sum of its items.",
    message="This is not a score of its scale: {problem}. Send the answer as the patient gave it; a range "
    "goes into `nrs_worst_range`, millimetres of a visual analogue scale into `vas_worst_mm`.",
    why="Scores are categories with an agreed meaning (Chow 2012; LOINC 72514-3); 4.5 or 55 is another "
    "instrument or a slip. The order of worst, average and least is only asked about, because answers are "
    "never corrected.",
    fields=(
        "pain_assessment.nrs_worst",
        "pain_assessment.nrs_average",
        "pain_assessment.nrs_least",
        "pain_assessment.nrs_now",
        "pain_assessment.nrs_worst_range",
        "pain_assessment.bpi_interference",
        "pain_assessment.lanss",
        "pain_assessment.lanss_items",
        "symptoms.non_index_pain.worst_nrs",
        "death.pain_last_week.nrs",
    ),
    good=(
        {"pain_assessment": [{"assess_date": "2025-03-10", "nrs_worst": 10, "nrs_least": 0}]},
        {"pain_assessment": [{"assess_date": "2025-03-10", "nrs_worst_range": {"lo": 4, "hi": 5}}]},
        {
            "pain_assessment": [
                {"assess_date": "2025-03-10", "lanss": 13, "lanss_items": [5, 5, 3, 0, 0, 0, 0]}
            ]
        },
        {"pain_assessment": [{"assess_date": "2025-03-10", "nrs_worst": 3, "nrs_average": 5}]},
    ),
    bad=(
        {"pain_assessment": [{"assess_date": "2025-03-10", "nrs_worst": 11}]},
        {"pain_assessment": [{"assess_date": "2025-03-10", "nrs_worst": 4.5}]},
        {"pain_assessment": [{"assess_date": "2025-03-10", "nrs_worst": "4-5"}]},
        {"pain_assessment": [{"assess_date": "2025-03-10", "bpi_interference": {"sleep": 12}}]},
        {"pain_assessment": [{"assess_date": "2025-03-10", "nrs_worst_range": {"lo": 5, "hi": 4}}]},
        {"pain_assessment": [{"assess_date": "2025-03-10", "lanss_items": [5, 5, 2, 0, 0, 0, 0]}]},
        {
            "pain_assessment": [
                {"assess_date": "2025-03-10", "lanss": 12, "lanss_items": [5, 5, 3, 0, 0, 0, 0]}
            ]
        },
        {"death": {"pain_last_week": {"nrs": 11}}},
    ),
    check=check,
)
