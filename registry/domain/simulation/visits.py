"""The follow-up visits: when they take place, and what a site writes down at one.

The opioid follows the pain, and in a way that leaves no doubt about the response (Chow 2012): under response
the dose never rises, without one it never falls below that of baseline, and nobody who is going to respond
has a rise before.
"""

from collections.abc import Iterator
from typing import NamedTuple

from registry.domain.simulation.course import Course
from registry.domain.simulation.opioids import Opioid
from registry.domain.simulation.pain import pain
from registry.domain.simulation.person import Person
from registry.domain.simulation.stream import Stream
from registry.domain.simulation.truth import Truth
from registry.domain.simulation.writing import Forms, Record, iso, leave_out


class Visit(NamedTuple):
    """A visit that takes place, the day of the one before (or of enrolment), and of the next planned."""

    number: int
    day: int
    before: int
    next_due: int | None


def visits(course: Course, truth: Truth, chance: Stream) -> Iterator[Visit]:
    """The visits of a patient while under observation, a few days about the planned ones; some are missed."""
    origin = course.treatment or course.enrolment
    before = course.enrolment
    planned = _planned(origin, truth)
    due = next(planned, None)
    number = 0
    while due is not None:
        day, due = due + chance.below(4) - (1 if due - origin > 14 else 0), next(planned, None)
        if day >= course.exit:
            return
        if chance.random() < truth.missed_visit:
            continue
        number += 1
        yield Visit(number, day, before, due)
        before = day


def _planned(origin: int, truth: Truth) -> Iterator[int]:
    week = 0
    for week in truth.visit_weeks:
        yield origin + 7 * week
    while truth.then_every_weeks is not None:
        week += truth.then_every_weeks
        yield origin + 7 * week


def write_visit(
    visit: Visit, person: Person, course: Course, opioid: Opioid, missing: float, chance: Stream
) -> Forms:
    """The forms of one visit."""
    scores = [person.worst_pain(which, visit.day, course, chance) for which in range(len(person.sides))]
    forms: Forms = {
        "follow_up": [_follow_up(visit, max(scores), course, missing, chance)],
        "pain_assessment": [
            pain(side, score, visit.day, missing, chance)
            for side, score in zip(person.sides, scores, strict=True)
        ],
        "function": [_function(visit, person, course, missing, chance)],
    }
    changed = _opioid(visit, course, opioid, chance)
    if changed:
        forms["analgesic"] = changed
    if visit.number == 1 and course.treatment is not None and chance.chance(0.3):
        forms["toxicity"] = [_toxicity(visit, course, course.treatment, chance)]
    return forms


def _follow_up(visit: Visit, pain_now: int, course: Course, missing: float, chance: Stream) -> Record:
    record: Record = {
        "visit_date": iso(visit.day),
        "mode": chance.one_of(("clinic", "clinic", "clinic", "phone", "home")),
        "vital_status": "alive",
        "disease_status": chance.one_of(("stable", "progressive", "progressive", "responding", "unknown")),
        "symptom_status": "none" if pain_now == 0 else "controlled" if pain_now <= 3 else "uncontrolled",
        "hospital_days_since_last": max(
            0, chance.below(2 * (visit.day - visit.before)) - (visit.day - visit.before)
        ),
    }
    if course.relapse is not None and visit.before < course.relapse <= visit.day:
        record |= {"pain_relapse": "yes", "pain_relapse_date": iso(course.relapse)}
    if visit.next_due is not None:
        record["next_due"] = iso(visit.next_due)
    return leave_out(record, ("hospital_days_since_last",), missing, chance)


def _function(visit: Visit, person: Person, course: Course, missing: float, chance: Stream) -> Record:
    dying = course.death is not None and course.death - visit.day < 35
    ecog = 4 if dying else max(1, min(3, person.ecog + chance.below(3) - 1))
    record: Record = {
        "assess_date": iso(visit.day),
        "ecog": ecog,
        "ambulation": (4, 4, 3, 2, 0)[ecog],
        "thomas_fixed_flexion_deg": 5 * chance.below(3 if course.responding(visit.day) else 10),
    }
    return leave_out(record, ("ecog", "thomas_fixed_flexion_deg"), missing, chance)


def _opioid(visit: Visit, course: Course, opioid: Opioid, chance: Stream) -> list[Record]:
    if course.responding(visit.day):
        return opioid.down(visit.day, chance) if chance.random() < 0.3 else []
    if course.response is not None and not course.relapsed(visit.day):
        return []
    restored = opioid.at_least_baseline(visit.day, chance)
    return restored or (opioid.up(visit.day, chance) if chance.random() < 0.2 else [])


_TOXICITIES = ("pain_flare", "nausea", "diarrhoea", "fatigue", "fatigue", "constipation")


def _toxicity(visit: Visit, course: Course, treatment: int, chance: Stream) -> Record:
    return {
        "term": chance.one_of(_TOXICITIES),
        "grade": 1 + chance.below(3),
        "onset": iso(treatment + chance.below(visit.day - treatment + 1)),
        "attribution": [{"cause": "rt" if course.arm.radiotherapy else "systemic", "relation": "possible"}],
        "serious": False,
        "action": chance.one_of(("none", "treated")),
    }
