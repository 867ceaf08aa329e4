"""Q07: the hip is fixed in flexion or stretch is painful, not only active flexion."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for episode in case.all(MpsEpisode):
        if episode.crit_fixed_flexion == "pain_on_active_flexion_only":
            yield Hit(episode, "crit_fixed_flexion", {"criterion_2": episode.crit_fixed_flexion})


RULE = Rule(
    id="Q07",
    version=1,
    severity="query",
    title="Hip is fixed or stretch painful",
    sentence="The hip is painfully fixed in flexion, or passive extension is painful.",
    message="Criterion 2 is recorded as `{criterion_2}`: pain on active flexion alone is not the "
    "sign, and the episode is at most probable MPS. Say whether the hip was fixed in flexion and "
    "whether the stretch test was done.",
    why="Stevens & Gonet 1990: painful flexion with a positive psoas stretch test; Agar 2004: "
    "painful fixed flexion. Takamatsu et al. 2018 write both 'painful hip flexion' and 'painful "
    "fixed flexion', which are different signs.",
    fields=("mps_episode.crit_fixed_flexion",),
    good=(
        {"mps_episode": [{"crit_fixed_flexion": "fixed"}]},
        {"mps_episode": [{"crit_fixed_flexion": "stretch_positive"}]},
        {"mps_episode": [{"crit_fixed_flexion": "not_examined"}]},
    ),
    bad=({"mps_episode": [{"crit_fixed_flexion": "pain_on_active_flexion_only"}]},),
    check=check,
)
