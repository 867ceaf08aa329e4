"""Time to response: days from the start of treatment to the first CR or PR, with competing events.

The response came between the last assessment without it and the first with it; both days are kept. Death
without response and re-irradiation are competing events; anyone else is censored at the last day of
observation. On one and the same day the response comes first. With two treated sides the later one counts.
After systemic therapy nothing counts before day 14. Counted from the start and never from the end: a
response may come during radiotherapy.
"""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.outcomes.judgement import Judged
from registry.domain.outcomes.outcome import Basis, Derived, Outcome, Value
from registry.domain.outcomes.response_course import Course, courses_by_treatment, inputs_of
from registry.domain.outcomes.treatment import Treatment
from registry.domain.outcomes.vital_status import life

RESPONSE, COMPETING, CENSORED = 1, 2, 0
REASONS = ("no_treatment_date", "no_death_date", "no_last_contact")


def first_response(courses: tuple[Course, ...]) -> tuple[Course, Judged] | None:
    """The assessment by which every side has responded, and its course; None while one has not."""
    firsts = [(course, next((one for one in course.judged if one.responder), None)) for course in courses]
    found = [(course, first) for course, first in firsts if first is not None]
    return max(found, key=lambda one: one[1].day) if len(found) == len(firsts) else None


def last_without(course: Course, first: Judged) -> int:
    """Day of the last evaluable assessment before the response; the start of treatment where there is
    none."""
    days = [one.day for one in course.judged if one.day < first.day and one.category is not None]
    return max(days, default=course.start)


def _derive(case: Case, basis: Basis) -> Iterator[Derived]:
    for treatment, courses in courses_by_treatment(case, basis):
        yield _time(case, basis, treatment, courses)


def _time(case: Case, basis: Basis, treatment: Treatment, courses: tuple[Course, ...]) -> Derived:
    subject, start = f"{treatment.episode_no}|{treatment.id}", courses[0].start
    known, responded = life(case, basis), first_response(courses)
    again = min(
        (c for c in courses if c.reirradiated_on is not None),
        key=lambda c: c.reirradiated_on or 0,
        default=None,
    )
    ends: list[tuple[int, str]] = []
    if again is not None and again.reirradiated_on is not None:
        ends.append((again.reirradiated_on, "reirradiation"))
    if known.died and known.death is not None and treatment.start is not None:
        ends.append((known.death.day, "death"))
    end = min(ends, default=None)
    what = f"{treatment.words} {treatment.id}"
    inputs = tuple(form for course in courses for form in inputs_of(course, None))
    value: Value
    if responded is not None and (end is None or responded[1].day <= end[0]):
        course, first = responded
        days, after = first.day - start, last_without(course, first) - start
        text = f"First in response {days} days after the start of {what}, and not yet on day {after}."
        seen = [(c, one) for c in courses for one in c.judged if one.day <= first.day]
        inputs = tuple(form for c, one in seen for form in inputs_of(c, one))
        value = {"event": RESPONSE, "cause": None, "days": days, "days_after": after}
        return Derived(subject, value, text, None, tuple(sorted(first.flags)), inputs)
    if treatment.start is None:
        text = f"The time to response after {what} is unknown: its start is not dated."
        return Derived(subject, None, text, "no_treatment_date", inputs=inputs)
    if end is not None:
        day, cause = end
        event = "Died" if cause == "death" else "Irradiated again"
        text = f"{event} {day - start} days after the start of {what} without a response before."
        record = (
            known.shown_by
            if cause == "death" or again is None or again.reirradiated is None
            else (again.reirradiated.record,)
        )
        value = {"event": COMPETING, "cause": cause, "days": day - start, "days_after": None}
        return Derived(subject, value, text, inputs=(*inputs, *record))
    if known.end is None:
        text = f"The time to response after {what} is unknown: it is not known until when the patient lived."
        return Derived(subject, None, text, known.reason, inputs=(*inputs, *known.shown_by))
    days = max(0, known.end - start)
    text = f"No response within {days} days after the start of {what}, the end of observation."
    value = {"event": CENSORED, "cause": known.censoring, "days": days, "days_after": None}
    return Derived(subject, value, text, inputs=(*inputs, *known.shown_by))


OUTCOME = Outcome(
    id="TTRESP",
    version=1,
    title="Time to response",
    definition="Days from the start of treatment to the first CR or PR (event 1); death or re-irradiation "
    "before it compete (event 2); otherwise censored (event 0).",
    source="Chow et al. 2012; interval and competing events: registry decisions after Saito et al. 2018",
    derive=_derive,
    uses_opioid_table=True,
)
