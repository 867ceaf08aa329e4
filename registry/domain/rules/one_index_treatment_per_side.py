"""E16: the response of a side is counted from one course of radiotherapy."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.rules.rule import Context, Hit, Rule

SIDES = {"left": ("left",), "right": ("right",), "bilateral": ("left", "right"), "midline": ("midline",)}


def check(case: Case, context: Context) -> Iterator[Hit]:
    courses = case.all(Radiotherapy)
    index = [course for course in courses if course.index_treatment and course.completed != "not_started"]
    if len(index) < 2:
        return
    index.sort(key=lambda course: case.version_of(course).order)  # so that the one recorded last is spoken of
    first: dict[tuple[int, str], str] = {}
    for course in index:
        target = course.target_volume
        episode = course.episode_no or 1  # as in the other forms: the first, unless another is named
        for side in SIDES.get(target.side or "", ()) if target is not None else ():
            other = first.setdefault((episode, side), course.rt_id)
            if other != course.rt_id:
                values = {"rt_id": course.rt_id, "other": other, "side": side, "episode": episode}
                yield Hit(course, "index_treatment", values)
                break


RULE = Rule(
    id="E16",
    version=1,
    severity="reject",
    title="One index radiotherapy for each side",
    sentence="At most one course of radiotherapy that was begun is the index treatment of a side of an "
    "episode.",
    message="`{rt_id}` and `{other}` are both the index treatment of the {side} side of episode {episode}. "
    "Set `index_treatment` to false on all but the one from which the response is counted, or correct "
    "`episode_no`.",
    why="Time to response and response rate need one start of treatment (Chow 2012). A second target or a "
    "later course is recorded as well, but not as the index. Registry decision.",
    fields=("radiotherapy.index_treatment", "radiotherapy.episode_no", "radiotherapy.target_volume.side"),
    good=(
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "index_treatment": True, "target_volume": {"side": "left"}},
                {"rt_id": "RT-2", "index_treatment": True, "target_volume": {"side": "right"}},
                {"rt_id": "RT-3", "index_treatment": False, "target_volume": {"side": "left"}},
                {
                    "rt_id": "RT-4",
                    "episode_no": 2,
                    "index_treatment": True,
                    "target_volume": {"side": "left"},
                },
            ]
        },
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "index_treatment": True},
                {"rt_id": "RT-2", "index_treatment": True, "target_volume": {"side": "right"}},
            ]
        },
    ),
    bad=(
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "index_treatment": True, "target_volume": {"side": "left"}},
                {"rt_id": "RT-2", "index_treatment": True, "target_volume": {"side": "bilateral"}},
            ]
        },
    ),
    check=check,
)
