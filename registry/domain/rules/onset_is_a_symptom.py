"""Q39: the onset is a symptom, not a chance finding on imaging."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for episode in case.all(MpsEpisode):
        if episode.onset_basis == "imaging_incidental":
            yield Hit(episode, "onset_basis", {"basis": episode.onset_basis})


RULE = Rule(
    id="Q39",
    version=1,
    severity="query",
    title="Onset is a symptom",
    sentence="The onset of the syndrome is the day of its first symptom.",
    message="The onset is dated by a chance finding on imaging (`{basis}`). A patient without "
    "symptoms does not have the syndrome yet: send the date of the first symptom, or confirm that "
    "there was none.",
    why="Survival is counted from the first symptom attributed to the psoas; a lesion found by "
    "chance would start the clock too early. Registry decision.",
    fields=("mps_episode.onset_basis",),
    good=({"mps_episode": [{"onset_basis": "pain"}]}, {"mps_episode": [{"episode_no": 1}]}),
    bad=({"mps_episode": [{"onset_basis": "imaging_incidental"}]},),
    check=check,
)
