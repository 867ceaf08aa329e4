"""Q02: the syndrome began at most twelve months before enrolment."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.dates import days_between, months
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.patient import Patient
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    patient = case.one(Patient)
    if patient is None or patient.enrolment_date is None:
        return
    for episode in case.all(MpsEpisode):
        if episode.mps_onset is None:
            continue
        days = days_between(episode.mps_onset, patient.enrolment_date)[0]
        if days > context.limits.onset_to_enrolment_d:
            values = {
                "onset": episode.mps_onset,
                "enrolment": patient.enrolment_date,
                "days": days,
                "months": months(days),
            }
            yield Hit(episode, "mps_onset", values)


RULE = Rule(
    id="Q02",
    version=1,
    severity="query",
    title="Onset within a year of enrolment",
    sentence="The syndrome began at most twelve months before the patient was enrolled.",
    message="From the onset on {onset} to enrolment on {enrolment} are at least {days} days "
    "({months} months), more than twelve months. Confirm the onset, or correct it to the first "
    "symptom of the psoas involvement.",
    why="Published survival is 5.5 to 10.7 months; a long interval is often the onset of the cancer "
    "and not of the syndrome, and it enters the analysis as delayed entry. Registry decision.",
    fields=("mps_episode.mps_onset", "patient.enrolment_date"),
    good=(
        {"patient": {"enrolment_date": "2025-06-01"}, "mps_episode": [{"mps_onset": "2025-03-20"}]},
        {"patient": {"enrolment_date": "2025-06-01"}, "mps_episode": [{"mps_onset": "2024"}]},
        {"mps_episode": [{"mps_onset": "2020-03-20"}]},
    ),
    bad=({"patient": {"enrolment_date": "2025-06-01"}, "mps_episode": [{"mps_onset": "2024-03"}]},),
    check=check,
)
