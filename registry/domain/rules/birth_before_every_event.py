"""E01: a patient is born before anything happens to the patient."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.dates import DAYS_PER_YEAR, certainly_after, days_between
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.patient import Patient
from registry.domain.rules.rule import Context, Hit, Rule
from registry.domain.timeline import dated_events

OLDEST_YEARS = 120  # nobody was ever known to be older than 122


def check(case: Case, context: Context) -> Iterator[Hit]:
    patient = case.one(Patient)
    if patient is None or patient.birth is None:
        return
    birth = patient.birth
    others = (event for event in dated_events(case) if event.kind != "birth")
    first = min(others, key=lambda event: event.date.hi, default=None)
    if first is not None and certainly_after(birth, first.date):
        values = {"birth": birth, "event": first.name, "date": first.date, "age": "not born yet"}
        yield Hit(patient, "birth", values)
    for episode in case.all(MpsEpisode):
        onset = episode.mps_onset
        if onset is not None and days_between(birth, onset)[0] > OLDEST_YEARS * DAYS_PER_YEAR:
            age = f"older than {OLDEST_YEARS} years"
            yield Hit(
                patient,
                "birth",
                {"birth": birth, "event": "mps_episode.mps_onset", "date": onset, "age": age},
            )


RULE = Rule(
    id="E01",
    version=1,
    severity="reject",
    title="Birth comes before every event",
    sentence="The patient is born before every recorded event and at most 120 years before the onset of "
    "the syndrome.",
    message="With birth {birth} the patient was {age} at `{event}` {date}. Correct the birth or that date.",
    why="Every age and every survival is counted from these dates. Partial dates are refused only when no "
    "completion of them fits. Registry decision.",
    fields=("patient.birth", "mps_episode.mps_onset"),
    good=(
        {"patient": {"birth": "1960"}, "mps_episode": [{"mps_onset": "2025-03"}]},
        {"patient": {"birth": "2017"}, "primary_cancer": [{"dx_date": "2017-02-01"}]},
        {"patient": {}, "mps_episode": [{"mps_onset": "2025-03"}]},
    ),
    bad=(
        {"patient": {"birth": "2025-04"}, "mps_episode": [{"mps_onset": "2025-03"}]},
        {"patient": {"birth": "1900"}, "mps_episode": [{"mps_onset": "2025-03"}]},
        {"patient": {"birth": "2020"}, "surgery": [{"surgery_id": "OP-1", "date": "2018-06-02"}]},
    ),
    check=check,
)
