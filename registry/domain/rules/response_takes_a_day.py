"""Q16: a response within a day of the start of treatment is confirmed."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.rules.response_follows_the_start_of_treatment import recorded_responses
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for response in recorded_responses(case, context):
        day, start, at = response.day, response.start, response.at
        if day is not None and start is not None:
            same_day = day.exact and day == start
            when = f"on {day}, the day on which the treatment began"
        else:
            same_day = at is not None and at.origin == "treatment_start" and 0 <= at.days < 1
            when = f"at {at}, the day on which the treatment began"
        if same_day:
            yield Hit(response.record, response.path, {"response": response.words, "when": when})


RULE = Rule(
    id="Q16",
    version=1,
    severity="query",
    title="Response takes a day",
    sentence="A response comes a day or more after the start of treatment.",
    message="The response `{response}` is recorded {when}: less than 24 hours after it. Confirm the "
    "date, or say what else relieved the pain.",
    why="Radiotherapy and chemotherapy do not relieve pain within hours; an epidural, a steroid or a "
    "date copied from the start of treatment does. Registry decision.",
    fields=(
        "pain_assessment.narrative",
        "pain_assessment.assess_date",
        "pain_assessment.at",
        "radiotherapy.start",
        "radiotherapy.tumour_response",
        "systemic_therapy.c1d1",
        "systemic_therapy.tumour_response",
    ),
    good=(
        {
            "radiotherapy": [{"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03"}],
            "pain_assessment": [{"assess_date": "2025-03-05", "narrative": "improved"}],
        },
        {
            "radiotherapy": [{"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03"}],
            "pain_assessment": [{"assess_date": "2025-03-03", "nrs_worst": 8}],
        },
    ),
    bad=(
        {
            "radiotherapy": [{"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03"}],
            "pain_assessment": [{"assess_date": "2025-03-03", "narrative": "improved"}],
        },
        {
            "pain_assessment": [
                {"at": {"value": 0, "unit": "d", "origin": "treatment_start"}, "narrative": "resolved"}
            ]
        },
    ),
    check=check,
)
