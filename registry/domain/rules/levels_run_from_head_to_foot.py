"""Q41: the uppermost level lies above the lowermost one."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.rules.rule import Context, Hit, Rule

_REGIONS = "CTLS"


def check(case: Case, context: Context) -> Iterator[Hit]:
    for episode in case.all(MpsEpisode):
        if _reversed(episode.level_min, episode.level_max):
            yield Hit(episode, "level_min", {"upper": episode.level_min, "lower": episode.level_max})
    for course in case.all(Radiotherapy):
        target = course.target_volume
        if target is not None and _reversed(target.level_min, target.level_max):
            values = {"upper": target.level_min, "lower": target.level_max}
            yield Hit(course, "target_volume/level_min", values)


def _reversed(upper: str | None, lower: str | None) -> bool:
    return upper is not None and lower is not None and _place(upper) > _place(lower)


def _place(level: str) -> tuple[int, int]:
    """Position from head to foot: ``T12`` stands before ``L1``."""
    return _REGIONS.index(level[0]), int(level[1:])


RULE = Rule(
    id="Q41",
    version=1,
    severity="query",
    title="Levels run from head to foot",
    sentence="The uppermost vertebral level is not below the lowermost one.",
    message="The levels run from {upper} up to {lower}; {upper} lies below {lower}. Exchange them, "
    "or correct one.",
    why="A reversed range is a slip of the form that hides the extent of the disease. Registry decision.",
    fields=(
        "mps_episode.level_min",
        "mps_episode.level_max",
        "radiotherapy.target_volume",
    ),
    good=(
        {"mps_episode": [{"level_min": "L1", "level_max": "L3"}]},
        {"mps_episode": [{"level_min": "L4"}]},
        {"radiotherapy": [{"rt_id": "RT-1", "target_volume": {"level_min": "T12", "level_max": "T12"}}]},
    ),
    bad=(
        {"mps_episode": [{"level_min": "L4", "level_max": "L1"}]},
        {"radiotherapy": [{"rt_id": "RT-1", "target_volume": {"level_min": "S1", "level_max": "L5"}}]},
    ),
    check=check,
)
