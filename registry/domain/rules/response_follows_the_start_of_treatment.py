"""Q15: a response is recorded after the start of treatment; before its end is fine."""

from collections.abc import Iterator
from typing import NamedTuple

from registry.domain.case import Case
from registry.domain.dates import PartialDate, certainly_after, days_between
from registry.domain.forms.form import Form
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.forms.systemic_therapy import SystemicTherapy
from registry.domain.forms.time import Offset
from registry.domain.outcomes.outcome import Basis
from registry.domain.outcomes.treatment import treatments
from registry.domain.rules.rule import Context, Hit, Rule

IMPROVED = ("resolved", "near_complete", "marked_improvement", "improved")


class Response(NamedTuple):
    """A recorded improvement: where it stands, what it says, and when.

    ``day`` is compared with ``start``, the start of the treatment it answers to; ``at`` stands in its place
    where the source has no dates.
    """

    record: Form
    path: str
    words: str
    day: PartialDate | None
    at: Offset | None
    start: PartialDate | None


def check(case: Case, context: Context) -> Iterator[Hit]:
    for response in recorded_responses(case, context):
        if response.day is not None and response.start is not None:
            if certainly_after(response.start, response.day):
                days = days_between(response.day, response.start)[0]
                when = (
                    f"on {response.day}, at least {days} days before the treatment began on {response.start}"
                )
                yield Hit(response.record, response.path, {"response": response.words, "when": when})
        elif _before_start(response.at):
            when = f"at {response.at}, which is before the start of treatment"
            yield Hit(response.record, response.path, {"response": response.words, "when": when})


def recorded_responses(case: Case, context: Context) -> Iterator[Response]:
    """Improvements of the index pain in words, and responses of the tumour on imaging."""
    starts = _first_starts(case, context)
    for assessment in case.all(PainAssessment):
        if assessment.narrative in IMPROVED and assessment.index_or_nonindex != "nonindex":
            start = starts.get(assessment.episode_no)
            words = str(assessment.narrative)
            yield Response(assessment, "assess_date", words, assessment.assess_date, assessment.at, start)
    for course in case.all(Radiotherapy):
        yield from _of_tumour(course, course.start)
    for therapy in case.all(SystemicTherapy):
        yield from _of_tumour(therapy, therapy.c1d1)


def _of_tumour(course: Radiotherapy | SystemicTherapy, start: PartialDate | None) -> Iterator[Response]:
    seen = course.tumour_response
    if seen is not None and seen.category in ("CR", "PR"):
        yield Response(course, "tumour_response/date", str(seen.category), seen.date, seen.at, start)


def _first_starts(case: Case, context: Context) -> dict[int, PartialDate]:
    """First start of treatment of each episode; none where a treatment of it has no known start."""
    starts: dict[int, list[PartialDate | None]] = {}
    for treatment in treatments(case, Basis(context.today)):
        record = treatment.record
        day = record.start if isinstance(record, Radiotherapy) else record.c1d1
        starts.setdefault(treatment.episode_no, []).append(day)
    first = {}
    for episode, days in starts.items():
        known = [day for day in days if day is not None]
        if len(known) == len(days):
            first[episode] = min(known, key=lambda day: day.lo)
    return first


def _before_start(at: Offset | None) -> bool:
    return at is not None and at.origin == "treatment_start" and at.value < 0


RULE = Rule(
    id="Q15",
    version=1,
    severity="query",
    title="Response follows the start of treatment",
    sentence="A response is recorded after the treatment has started; before the end of treatment is "
    "in order.",
    message="The response `{response}` is recorded {when}. Correct a date, or say which earlier "
    "treatment it answers to. The case stays out of the primary analysis until this is answered.",
    why="Case 2 of Takamatsu et al. 2018 improved two weeks after the start of a course of at least "
    "21 days, so a response is compared with the start and never with the end.",
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
            "radiotherapy": [
                {"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03", "end": "2025-03-24"}
            ],
            "pain_assessment": [{"assess_date": "2025-03-17", "narrative": "marked_improvement"}],
        },
        {
            "radiotherapy": [{"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03"}],
            "pain_assessment": [{"assess_date": "2025-03", "narrative": "improved"}],
        },
        {
            "pain_assessment": [
                {"at": {"value": 2, "unit": "wk", "origin": "treatment_start"}, "narrative": "improved"}
            ]
        },
        {"pain_assessment": [{"assess_date": "2025-02-01", "narrative": "improved"}]},
    ),
    bad=(
        {
            "radiotherapy": [{"rt_id": "RT-1", "index_treatment": True, "start": "2025-03-03"}],
            "pain_assessment": [{"assess_date": "2025-02-20", "narrative": "improved"}],
        },
        {
            "systemic_therapy": [
                {
                    "therapy_id": "TC-1",
                    "c1d1": "2025-03-03",
                    "tumour_response": {"category": "PR", "date": "2025-02"},
                }
            ]
        },
        {
            "pain_assessment": [
                {"at": {"value": -3, "unit": "d", "origin": "treatment_start"}, "narrative": "resolved"}
            ]
        },
    ),
    check=check,
    blocking=True,
)
