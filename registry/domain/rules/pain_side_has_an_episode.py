"""E15: index pain is scored on a side that has the syndrome."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.rules.rule import Context, Hit, Rule

COVERED = {"left": ("left",), "right": ("right",), "bilateral": ("left", "right")}


def check(case: Case, context: Context) -> Iterator[Hit]:
    sides = {side for episode in case.all(MpsEpisode) for side in COVERED.get(episode.side or "", ())}
    if not sides:
        return
    for assessment in case.all(PainAssessment):
        side = assessment.site_side
        if assessment.index_or_nonindex == "index" and side in ("left", "right") and side not in sides:
            yield Hit(assessment, "site_side", {"side": side, "sides": " and ".join(sorted(sides))})


RULE = Rule(
    id="E15",
    version=1,
    severity="reject",
    title="Index pain has an episode on its side",
    sentence="Index pain is scored on a side on which an episode of the syndrome is recorded; a bilateral "
    "episode covers both, and pain in the midline may belong to either.",
    message="Index pain is scored on the {side}, but the syndrome is recorded on the {sides} only. Correct "
    "the side, send the episode of this side along, or mark the pain as `nonindex`.",
    why="The response of an episode is judged on the pain of its side; a score of the other side would be "
    "silently left out. Registry decision.",
    fields=("pain_assessment.site_side", "pain_assessment.index_or_nonindex", "mps_episode.side"),
    good=(
        {
            "mps_episode": [{"side": "left"}],
            "pain_assessment": [
                {
                    "assess_date": "2025-03-10",
                    "index_or_nonindex": "index",
                    "site_side": "left",
                    "nrs_worst": 8,
                },
                {
                    "assess_date": "2025-03-10",
                    "index_or_nonindex": "nonindex",
                    "site_side": "right",
                    "nrs_worst": 2,
                },
            ],
        },
        {
            "mps_episode": [{"side": "bilateral"}],
            "pain_assessment": [
                {"assess_date": "2025-03-10", "index_or_nonindex": "index", "site_side": "right"}
            ],
        },
        {
            "pain_assessment": [
                {"assess_date": "2025-03-10", "index_or_nonindex": "index", "site_side": "right"}
            ]
        },
    ),
    bad=(
        {
            "mps_episode": [{"side": "left"}],
            "pain_assessment": [
                {"assess_date": "2025-03-10", "index_or_nonindex": "index", "site_side": "right"}
            ],
        },
    ),
    check=check,
)
