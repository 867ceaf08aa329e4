"""Q37: a cancer that invades the psoas is not recorded as without evidence of disease."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.primary_cancer import PrimaryCancer
from registry.domain.rules.rule import Context, Hit, Rule

PROVEN = ("imaging", "pathology", "both")


def check(case: Case, context: Context) -> Iterator[Hit]:
    shown = {episode.crit_involvement for episode in case.all(MpsEpisode)}.intersection(PROVEN)
    if not shown:
        return
    for primary in case.all(PrimaryCancer):
        if primary.status_at_mps == "NED" and primary.index_primary is not False:
            yield Hit(
                primary,
                "status_at_mps",
                {"status": "NED", "involvement": " and ".join(sorted(map(str, shown)))},
            )


RULE = Rule(
    id="Q37",
    version=1,
    severity="query",
    title="Cancer is present when it invades",
    sentence="When the psoas is invaded, the index cancer is not recorded as without evidence of disease.",
    message="The index cancer is recorded as `{status}` when the syndrome began, and malignant "
    "involvement of the psoas is recorded as shown ({involvement}). Send `recurrent` if the psoas "
    "lesion was the recurrence, or correct one.",
    why="Both cannot be true of the same cancer at the same time. Registry decision.",
    fields=("primary_cancer.status_at_mps", "primary_cancer.index_primary", "mps_episode.crit_involvement"),
    good=(
        {
            "primary_cancer": [{"status_at_mps": "recurrent"}],
            "mps_episode": [{"crit_involvement": "imaging"}],
        },
        {"primary_cancer": [{"status_at_mps": "NED"}], "mps_episode": [{"crit_involvement": "suspected"}]},
        {"primary_cancer": [{"status_at_mps": "NED"}]},
        {
            "primary_cancer": [{"status_at_mps": "NED", "index_primary": False}],
            "mps_episode": [{"crit_involvement": "imaging"}],
        },
    ),
    bad=({"primary_cancer": [{"status_at_mps": "NED"}], "mps_episode": [{"crit_involvement": "both"}]},),
    check=check,
)
