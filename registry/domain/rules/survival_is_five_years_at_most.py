"""Q23: survival from the onset of the syndrome beyond five years is confirmed."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.dates import DAYS_PER_MONTH, days_between, months
from registry.domain.forms.death import Death
from registry.domain.forms.follow_up import FollowUp
from registry.domain.outcomes.vital_status import first_episode
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    limit = context.limits.survival_max_mo
    shown = f"{limit:g}"
    death = case.one(Death)
    stated = death.published_survival if death is not None else None
    if stated is not None and stated.months > limit and "symptom_onset" in stated.origins:
        how = f"{stated.months:g} months from onset, as published"
        yield Hit(death, "published_survival/months", {"how": how, "limit": shown})
    episode = first_episode(case)
    onset = episode.mps_onset if episode is not None else None
    if onset is None:
        return
    if death is not None and death.death_date is not None:
        days = days_between(onset, death.death_date)[0]
        if days > limit * DAYS_PER_MONTH:
            how = f"{days} days ({months(days)} months) from onset {onset} to death {death.death_date}"
            yield Hit(death, "death_date", {"how": how, "limit": shown})
        return
    alive = [
        visit
        for visit in case.all(FollowUp)
        if visit.vital_status == "alive"
        and visit.visit_date is not None
        and (visit.visit_date.lo - onset.hi).days > limit * DAYS_PER_MONTH
    ]
    first = min(alive, key=lambda visit: visit.key, default=None)  # so that later visits do not ask again
    if first is not None and first.visit_date is not None:
        days = days_between(onset, first.visit_date)[0]
        how = f"{days} days ({months(days)} months) from onset {onset} to the visit of {first.visit_date}"
        yield Hit(first, "visit_date", {"how": how, "limit": shown})


RULE = Rule(
    id="Q23",
    version=1,
    severity="query",
    title="Survival is five years at most",
    sentence="A patient lives at most five years after the onset of the syndrome; longer survival is "
    "confirmed.",
    message="Survival is at least {how}: more than {limit} months. Confirm the onset and this date; "
    "the onset is that of the syndrome, not that of the cancer.",
    why="Published median survival is 5.5 to 13.2 months, in populations that differ. The limit is a "
    "registry decision.",
    fields=(
        "mps_episode.mps_onset",
        "death.death_date",
        "death.published_survival",
        "follow_up.visit_date",
        "follow_up.vital_status",
    ),
    good=(
        {"mps_episode": [{"mps_onset": "2024-03"}], "death": {"death_date": "2024-11-12"}},
        {"mps_episode": [{"mps_onset": "2019"}], "death": {"death_date": "2024-11-12"}},
        {"death": {"death_date": "2024-11-12"}},
    ),
    bad=(
        {"mps_episode": [{"mps_onset": "2018-02"}], "death": {"death_date": "2024-11-12"}},
        {
            "mps_episode": [{"mps_onset": "2018-02"}],
            "follow_up": [{"visit_date": "2024-11-12", "vital_status": "alive"}],
        },
        {"death": {"published_survival": {"months": 84, "origins": ["symptom_onset"]}}},
    ),
    check=check,
)
