"""Q05: a syndrome of both sides has a lesion on both sides."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for episode in case.all(MpsEpisode):
        if episode.side != "bilateral" or episode.imaging is None:
            continue
        seen = {study.side for study in episode.imaging}
        if None in seen or "bilateral" in seen or {"left", "right"} <= seen:
            continue
        yield Hit(episode, "imaging", {"seen": " and ".join(sorted(map(str, seen))) or "no side at all"})


RULE = Rule(
    id="Q05",
    version=1,
    severity="query",
    title="Both sides are seen on imaging",
    sentence="When the syndrome is bilateral, imaging shows a lesion on each side.",
    message="The syndrome is recorded as bilateral, imaging shows: {seen}. Send the study that shows "
    "the other side, or correct the side of the syndrome.",
    why="A bilateral syndrome has two lesions and two responses; without imaging of one side "
    "criterion 3 is not met there. Registry decision.",
    fields=("mps_episode.side", "mps_episode.imaging.side"),
    good=(
        {"mps_episode": [{"side": "bilateral", "imaging": [{"side": "left"}, {"side": "right"}]}]},
        {"mps_episode": [{"side": "bilateral", "imaging": [{"side": "bilateral"}]}]},
        {"mps_episode": [{"side": "bilateral", "imaging": [{"modality": "CT"}]}]},
        {"mps_episode": [{"side": "bilateral"}]},
    ),
    bad=(
        {"mps_episode": [{"side": "bilateral", "imaging": [{"side": "left"}]}]},
        {"mps_episode": [{"side": "bilateral", "imaging": []}]},
    ),
    check=check,
)
