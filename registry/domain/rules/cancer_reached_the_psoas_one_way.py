"""Q40: more than one way into the psoas is confirmed (MECHANISM_MIXED)."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for episode in case.all(MpsEpisode):
        ways = sorted(set(episode.mechanism or ()))
        if len(ways) > 1:
            values = {"code": "MECHANISM_MIXED", "count": len(ways), "ways": " + ".join(ways)}
            yield Hit(episode, "mechanism", values)


RULE = Rule(
    id="Q40",
    version=1,
    severity="query",
    title="Cancer reached the psoas one way",
    sentence="One mechanism brought the cancer into the psoas, or several are confirmed.",
    message="{count} mechanisms are recorded: {ways}. All are kept; confirm from the imaging that "
    "each of them reaches the psoas, or remove those that only lie beside it.",
    why="In case 3 of Takamatsu et al. 2018 the text gives masses inside the muscle and the legend "
    "of figure 5 adds para-aortic nodes on both sides: mechanisms may be mixed, and a table by "
    "mechanism must know it.",
    fields=("mps_episode.mechanism",),
    good=({"mps_episode": [{"mechanism": ["nodal_extension"]}]}, {"mps_episode": [{"mechanism": []}]}),
    bad=({"mps_episode": [{"mechanism": ["nodal_extension", "intramuscular_metastasis"]}]},),
    check=check,
)
