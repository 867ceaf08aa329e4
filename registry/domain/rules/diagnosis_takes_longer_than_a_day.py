"""Q03: the first symptom and the diagnosis fall on different days."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for episode in case.all(MpsEpisode):
        onset, diagnosis = episode.mps_onset, episode.mps_dx_date
        if onset is not None and diagnosis is not None and onset.exact and onset == diagnosis:
            yield Hit(episode, "mps_onset", {"date": onset})


RULE = Rule(
    id="Q03",
    version=1,
    severity="query",
    title="Diagnosis takes longer than a day",
    sentence="The first symptom and the diagnosis of the syndrome fall on different days.",
    message="Onset and diagnosis are both {date}: an interval of 0 days. Confirm that the first "
    "symptom began on the day of diagnosis, or send the date the patient gives for it, to the month "
    "if the day is not known.",
    why="The syndrome comes on over weeks; equal dates usually mean that the date of diagnosis was "
    "copied. Registry decision.",
    fields=("mps_episode.mps_onset", "mps_episode.mps_dx_date"),
    good=(
        {"mps_episode": [{"mps_onset": "2025-02-01", "mps_dx_date": "2025-03-04"}]},
        {"mps_episode": [{"mps_onset": "2025-03", "mps_dx_date": "2025-03"}]},
        {"mps_episode": [{"mps_dx_date": "2025-03-04"}]},
    ),
    bad=({"mps_episode": [{"mps_onset": "2025-03-04", "mps_dx_date": "2025-03-04"}]},),
    check=check,
)
