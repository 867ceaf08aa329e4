"""Q08: the patient is between 18 and 100 years old when the syndrome begins."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.dates import DAYS_PER_YEAR, PartialDate
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.patient import Patient
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    patient = case.one(Patient)
    if patient is None:
        return
    low, high = context.limits.age_min_a, context.limits.age_max_a
    if patient.birth is not None:
        event, day = _first_event(case, patient)
        if day is None:
            return
        youngest = (day.lo - patient.birth.hi).days / DAYS_PER_YEAR
        oldest = (day.hi - patient.birth.lo).days / DAYS_PER_YEAR
        if oldest < low or youngest > high:
            years = f"{max(youngest, 0):.1f} to {oldest:.1f}" if oldest - youngest > 0.1 else f"{oldest:.1f}"
            what = f"{years} (born {patient.birth}, {event} {day})"
            yield Hit(patient, "birth", {"age": what, "limits": f"{low:g} to {high:g}"})
    elif patient.age is not None and not low <= patient.age.value <= high:
        what = f"{patient.age.value:g} (at {patient.age.reference.replace('_', ' ')})"
        yield Hit(patient, "age/value", {"age": what, "limits": f"{low:g} to {high:g}"})


def _first_event(case: Case, patient: Patient) -> tuple[str, PartialDate | None]:
    """Onset, else diagnosis of the first episode, else enrolment: the first of them that has a date."""
    for episode in case.all(MpsEpisode):
        for event, day in (("onset", episode.mps_onset), ("diagnosis", episode.mps_dx_date)):
            if day is not None:
                return event, day
    return "enrolment", patient.enrolment_date


RULE = Rule(
    id="Q08",
    version=1,
    severity="query",
    title="Age is between 18 and 100",
    sentence="The patient is between 18 and 100 years old when the syndrome begins; others are confirmed.",
    message="The age in years is {age}, outside {limits}. Such a patient is accepted: confirm the "
    "age, or correct the date of birth.",
    why="Children have the syndrome too (a girl of eight with rhabdomyosarcoma, Martinez-Restrepo "
    "2022), but most such ages are a mistyped year of birth.",
    fields=(
        "patient.birth",
        "patient.age",
        "patient.enrolment_date",
        "mps_episode.mps_onset",
        "mps_episode.mps_dx_date",
    ),
    good=(
        {"patient": {"birth": "1960"}, "mps_episode": [{"mps_onset": "2025-02-01"}]},
        {"patient": {"birth": "2007"}, "mps_episode": [{"mps_onset": "2025-02-01"}]},
        {"patient": {"birth": "2017"}},
        {"patient": {"age": {"value": 31, "reference": "primary_diagnosis"}}},
    ),
    bad=(
        {"patient": {"birth": "2017"}, "mps_episode": [{"mps_onset": "2025-02-01"}]},
        {"patient": {"birth": "1920-03"}, "mps_episode": [{"mps_dx_date": "2025-02"}]},
        {"patient": {"age": {"value": 8, "reference": "mps_diagnosis"}}},
    ),
    check=check,
)
