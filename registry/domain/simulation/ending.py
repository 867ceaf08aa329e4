"""How the observation of a patient ends on paper: death, loss to follow-up, consent withdrawn."""

from registry.domain.simulation.course import Course
from registry.domain.simulation.stream import Stream
from registry.domain.simulation.truth import Truth
from registry.domain.simulation.writing import Forms, Record, iso, leave_out, to_the_month

_PLACES = ("hospital_ward", "palliative_care_unit", "palliative_care_unit", "home", "home", "nursing_home")
_CAUSES = ("cancer_progression",) * 14 + ("other", "unknown")


def death(course: Course, truth: Truth, missing: float, chance: Stream) -> Forms:
    """The form of death."""
    record: Record = {
        "death_date": to_the_month(course.exit) if chance.chance(truth.partial_death) else iso(course.exit),
        "cause": chance.one_of(_CAUSES),
        "source": chance.one_of(("record", "record", "family", "civil_register")),
        "place": chance.one_of(_PLACES),
        "pain_last_week": {"controlled": chance.chance(0.7)},
        "palliative_sedation": chance.chance(0.15),
        "mps_contributed": chance.chance(0.4),
    }
    return {"death": leave_out(record, ("place", "palliative_sedation", "mps_contributed"), missing, chance)}


def loss(found_out: int, last_seen: int) -> Forms:
    """The follow-up form of a patient who could not be reached, written when that was found out."""
    record: Record = {
        "visit_date": iso(found_out),
        "mode": "record_review",
        "vital_status": "unknown",
        "disease_status": "unknown",
        "symptom_status": None,
        "hospital_days_since_last": None,
        "lost_to_followup": {"last_known_alive": iso(last_seen), "efforts": "telephone and letter"},
        "missing": {"symptom_status": "not_asked", "hospital_days_since_last": "asked_unknown"},
    }
    return {"follow_up": [record]}


def withdrawal(consent: Record, course: Course) -> Forms:
    """The consent with its withdrawal: nothing more is collected, what is there may be used."""
    day = iso(course.exit)
    taken_back = {"date": day, "level": "no_further_collection", "effective_from": day, "processed_at": day}
    return {"consent": [{**consent, "withdrawal": taken_back}]}
