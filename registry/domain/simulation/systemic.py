"""A course of chemotherapy: six cycles of three weeks, or as many as the patient lives to receive."""

from registry.domain.simulation.course import Course
from registry.domain.simulation.person import Person
from registry.domain.simulation.stream import Stream
from registry.domain.simulation.writing import Record, iso

CYCLES, CYCLE_DAYS = 6, 21


def first_cycle(person: Person, start: int, index_treatment: bool) -> Record:
    """The record a site sends when the therapy has begun."""
    name, drugs = person.primary.regimen
    return {
        "therapy_id": "ST-1",
        "episode_no": 1,
        "index_treatment": index_treatment,
        "indication": "mps_index_pain" if index_treatment else "other",
        "regimen": name,
        "components": [{"name": drug} for drug in drugs],
        "intent": "palliative",
        "cycles_planned": CYCLES,
        "cycles_given": 1,
        "cycle_length_d": CYCLE_DAYS,
        "c1d1": iso(start),
    }


def finished(begun: Record, start: int, course: Course, chance: Stream) -> tuple[int, Record]:
    """Day of the last dose, and the record as it is then."""
    given = CYCLES if chance.chance(0.7) else 1 + chance.below(CYCLES)
    last = start + CYCLE_DAYS * (given - 1)
    if last >= course.exit and course.ending != "end":
        given = 1 + (course.exit - 1 - start) // CYCLE_DAYS
        last = start + CYCLE_DAYS * (given - 1)
    record: Record = {
        **begun,
        "cycles_given": given,
        "last_dose_date": iso(last),
        "dose_reduction": chance.chance(0.3),
    }
    if given > 1:  # imaging comes with a later cycle
        category = chance.one_of(("PR", "SD", "SD", "PD", "PD", "NE"))
        record["tumour_response"] = {"category": category, "criteria": "RECIST_1_1", "date": iso(last)}
    return last, record
