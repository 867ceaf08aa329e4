"""Q06: malignant involvement of the psoas is shown, not only suspected."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for episode in case.all(MpsEpisode):
        if episode.crit_involvement in ("no", "suspected"):
            yield Hit(episode, "crit_involvement", {"involvement": episode.crit_involvement})


RULE = Rule(
    id="Q06",
    version=1,
    severity="query",
    title="Involvement of the psoas is proven",
    sentence="Malignant involvement of the psoas is shown by imaging or pathology.",
    message="Involvement of the psoas is recorded as `{involvement}`. Without imaging or pathology "
    "criterion 3 is not met and the episode is at most possible MPS; confirm this, or send the "
    "finding that shows the involvement.",
    why="Stevens & Gonet 1990 require malignant involvement on imaging; Agar 2004 allow radiology or "
    "pathology.",
    fields=("mps_episode.crit_involvement",),
    good=({"mps_episode": [{"crit_involvement": "imaging"}]}, {"mps_episode": [{}]}),
    bad=({"mps_episode": [{"crit_involvement": "no"}]}, {"mps_episode": [{"crit_involvement": "suspected"}]}),
    check=check,
)
