"""E03: the syndrome is diagnosed after it began."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.dates import certainly_after
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for episode in case.all(MpsEpisode):
        onset, diagnosis = episode.mps_onset, episode.mps_dx_date
        if onset is not None and diagnosis is not None and certainly_after(onset, diagnosis):
            yield Hit(episode, "mps_onset", {"onset": onset, "diagnosis": diagnosis})


RULE = Rule(
    id="E03",
    version=1,
    severity="reject",
    title="Onset comes before the diagnosis",
    sentence="The syndrome is diagnosed on the day of its first symptom or later.",
    message="The onset of the syndrome {onset} is after its diagnosis {diagnosis}. Correct one of the two "
    "dates. The onset is the first symptom attributed to the psoas, not the first visit.",
    why="The criteria rest on symptoms and signs, so they cannot be met before the first of them (Stevens "
    "& Gonet 1990). The diagnosis of the cancer, in contrast, may be later than the onset.",
    fields=("mps_episode.mps_onset", "mps_episode.mps_dx_date"),
    good=(
        {"mps_episode": [{"mps_onset": "2025-03", "mps_dx_date": "2025-03-10"}]},
        {"mps_episode": [{"mps_onset": "2025-03-10", "mps_dx_date": "2025-03-10"}]},
        {
            "mps_episode": [{"mps_onset": "2025-03-01", "mps_dx_date": "2025-03-20"}],
            "primary_cancer": [{"dx_date": "2025-03-18"}],
        },
    ),
    bad=(
        {"mps_episode": [{"mps_onset": "2025-04", "mps_dx_date": "2025-03-10"}]},
        {"mps_episode": [{"mps_onset": "2025-03-11", "mps_dx_date": "2025-03-10"}]},
    ),
    check=check,
)
