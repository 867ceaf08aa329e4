"""A course of radiotherapy: the usual palliative schedules, five fractions a week, some cut short."""

from typing import NamedTuple

from registry.domain.simulation.course import Course
from registry.domain.simulation.person import Person
from registry.domain.simulation.stream import Stream
from registry.domain.simulation.writing import Record, iso

SCHEDULES = (
    (45.0, 25),
    (45.0, 25),
    (40.0, 16),
    (30.0, 10),
    (30.0, 10),
    (30.0, 10),
    (20.0, 5),
    (20.0, 5),
    (8.0, 1),
)
"""Dose in Gy and fractions, the common ones more than once."""

_CUT_SHORT = 0.06
_TECHNIQUES = ("3D", "3D", "IMRT", "VMAT", "VMAT", "2D")


class Given(NamedTuple):
    """What was given: first and last day, and the record of it."""

    start: int
    end: int
    record: Record


def fraction_day(start: int, number: int) -> int:
    """The day of a fraction; number 1 is given on the working day ``start``, none on a weekend.

    Started on a Monday, fraction 16 falls on day 21 and fraction 25 on day 32.
    """
    since_monday = (start + 6) % 7 + number - 1
    return start + number - 1 + since_monday // 5 * 2


def give_radiotherapy(person: Person, course: Course, start: int, chance: Stream) -> Given:
    """A course to the psoas lesion, as far as the patient lives to receive it."""
    dose, planned = chance.one_of(SCHEDULES)
    given = 1 + chance.below(planned) if chance.chance(_CUT_SHORT) else planned
    while given > 1 and course.ending != "end" and fraction_day(start, given) >= course.exit:
        given -= 1
    end = fraction_day(start, given)
    per_fraction = dose / planned
    record: Record = {
        "rt_id": "RT-1",
        "course_no": 1,
        "episode_no": 1,
        "index_treatment": True,
        "intent": "palliative",
        "indication": "mps_index_pain",
        "target_volume": {"name": "psoas", "side": person.side, "level_min": "L2", "level_max": "L4"},
        "modality": "photons",
        "technique": chance.one_of(_TECHNIQUES),
        "planned_dose_gy": dose,
        "planned_fractions": planned,
        "delivered_dose_gy": round(per_fraction * given, 2),
        "delivered_fractions": given,
        "dose_per_fraction_gy": per_fraction,
        "start": iso(start),
        "end": iso(end),
        "completed": "yes" if given == planned else "truncated",
        "prior_rt_overlap": chance.one_of(("none", "none", "none", "adjacent", "partial")),
    }
    if given < planned:
        record["not_completed_reason"] = "general condition became worse"
    return Given(start, end, record)
