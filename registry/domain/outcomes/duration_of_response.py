"""Duration of response: days from the first CR or PR to the relapse of pain, among those who responded.

Death without relapse and re-irradiation are competing events; a patient still in response is censored at the
last assessment. ``confirmed`` says that an assessment at least 7 days after the first was still in response
(sensitivity). With two treated sides it runs from the day both had responded to the first relapse of either.
Registry decisions.
"""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.outcomes.outcome import Basis, Derived, Outcome
from registry.domain.outcomes.response_course import Course, courses_by_treatment, inputs_of
from registry.domain.outcomes.response_spell import Spell, spells
from registry.domain.outcomes.time_to_response import first_response
from registry.domain.outcomes.treatment import Treatment
from registry.domain.outcomes.vital_status import life

RELAPSE, COMPETING, CENSORED = 1, 2, 0
CONFIRMED_AFTER_DAYS = 7

_HOW = {
    "progression": "pain progression",
    "relapse": "relapse of the pain",
    "reported": "relapse of the pain as reported at follow-up",
}


def _derive(case: Case, basis: Basis) -> Iterator[Derived]:
    for treatment, courses in courses_by_treatment(case, basis):
        responded = first_response(courses)
        if responded is not None:
            yield _duration(case, basis, treatment, courses, responded[1].day)


def _duration(
    case: Case, basis: Basis, treatment: Treatment, courses: tuple[Course, ...], begun: int
) -> Derived:
    known = life(case, basis)
    running = [
        (course, _running(mine, begun))
        for course, mine in spells(case, basis)
        if any(course is one for one in courses)
    ]
    lasted = min(spell.last.day if spell else begun for _, spell in running)
    confirmed = all(
        any(one.responder and one.day - begun >= CONFIRMED_AFTER_DAYS for one in course.judged)
        for course in courses
    )
    ends: list[tuple[int, int, str]] = []
    for course, spell in running:
        if spell is None:  # one side had relapsed again before the other responded
            ends.append((begun, RELAPSE, "relapse of the other side"))
        elif spell.ended_on is not None and spell.ended_by is not None:
            ends.append((spell.ended_on, RELAPSE, _HOW[spell.ended_by]))
        if course.reirradiated_on is not None:
            ends.append((course.reirradiated_on, COMPETING, "re-irradiation"))
    if known.died and known.death is not None and treatment.start is not None:
        ends.append((known.death.day, COMPETING, "death without relapse"))
    day, event, how = min(ends, default=(max(lasted, begun), CENSORED, "last assessment, still in response"))
    inputs = [form for course in courses for one in course.judged for form in inputs_of(course, one)]
    inputs += [spell.end_record for _, spell in running if spell is not None and spell.end_record is not None]
    inputs += [course.reirradiated.record for course in courses if course.reirradiated is not None]
    text = f"In response for {day - begun} days after {treatment.words} {treatment.id}, until {how}."
    return Derived(
        f"{treatment.episode_no}|{treatment.id}",
        {
            "event": event,
            "days": day - begun,
            "days_after": lasted - begun,
            "until": how,
            "confirmed": confirmed,
        },
        text,
        flags=() if confirmed else ("unconfirmed",),
        inputs=(*inputs, *known.shown_by),
    )


def _running(of_a_side: tuple[Spell, ...], day: int) -> Spell | None:
    """The spell that a day lies in."""
    return next(
        (s for s in of_a_side if s.first.day <= day and (s.ended_on is None or s.ended_on > day)), None
    )


OUTCOME = Outcome(
    id="DURRESP",
    version=1,
    title="Duration of response",
    definition="Days from the first CR or PR to pain progression or relapse (event 1), death without it or "
    "re-irradiation (event 2), or the last assessment (event 0).",
    source="registry decision",
    derive=_derive,
    uses_opioid_table=True,
)
