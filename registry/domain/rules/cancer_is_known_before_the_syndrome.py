"""Q01: the primary cancer is known before the syndrome begins, or the syndrome was its first sign."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.dates import certainly_after, days_between
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.primary_cancer import PrimaryCancer
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    onsets = [episode.mps_onset for episode in case.all(MpsEpisode) if episode.mps_onset is not None]
    if not onsets:
        return
    first = min(onsets, key=lambda onset: onset.lo)
    for primary in case.all(PrimaryCancer):
        found = primary.dx_date
        if found is not None and primary.index_primary is not False and certainly_after(found, first):
            days = days_between(first, found)[0]
            yield Hit(primary, "dx_date", {"diagnosis": found, "onset": first, "days": days})


RULE = Rule(
    id="Q01",
    version=1,
    severity="query",
    title="Cancer is known before the syndrome",
    sentence="The index cancer is diagnosed before the syndrome begins, or the syndrome is confirmed "
    "as its first sign.",
    message="The cancer was diagnosed on {diagnosis}, at least {days} days after the onset of the "
    "syndrome on {onset}. This is accepted: confirm that the syndrome was the first sign of the "
    "cancer, or correct a date.",
    why="Case 3 of Takamatsu et al. 2018 and other published patients presented with the syndrome, "
    "so this order is unusual and never an error.",
    fields=("primary_cancer.dx_date", "primary_cancer.index_primary", "mps_episode.mps_onset"),
    good=(
        {"primary_cancer": [{"dx_date": "2023-05-02"}], "mps_episode": [{"mps_onset": "2025-01-10"}]},
        {"primary_cancer": [{"dx_date": "2025"}], "mps_episode": [{"mps_onset": "2025-01-10"}]},
        {"primary_cancer": [{"dx_date": "2025-03-01"}]},
        {
            "primary_cancer": [{"dx_date": "2025-03-01", "index_primary": False}],
            "mps_episode": [{"mps_onset": "2025-01-10"}],
        },
    ),
    bad=({"primary_cancer": [{"dx_date": "2025-03-01"}], "mps_episode": [{"mps_onset": "2025-01-10"}]},),
    check=check,
)
