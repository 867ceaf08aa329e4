"""Q56: a death long after the last contact names its source."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.dates import days_between
from registry.domain.forms.death import Death
from registry.domain.forms.follow_up import FollowUp
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    death = case.one(Death)
    if death is None or death.death_date is None or death.source is not None:
        return
    seen = [
        visit.visit_date
        for visit in case.all(FollowUp)
        if visit.visit_date is not None and visit.vital_status != "dead"
    ]
    if not seen:
        return
    last = max(seen, key=lambda day: day.hi)
    days = days_between(last, death.death_date)[0]
    if days > context.limits.death_after_visit_d:
        values = {
            "death": death.death_date,
            "last": last,
            "days": days,
            "limit": context.limits.death_after_visit_d,
        }
        yield Hit(death, "source", values)


RULE = Rule(
    id="Q56",
    version=1,
    severity="query",
    title="Late death names its source",
    sentence="A death more than 30 days after the last contact says where its date comes from.",
    message="The death on {death} is {days} days after the last contact on {last}, more than "
    "{limit}, and has no source. Say whether the date comes from the record, the family or the civil "
    "register.",
    why="A date of death that nobody witnessed decides survival; its source is reported. Registry decision.",
    fields=("death.death_date", "death.source", "follow_up.visit_date"),
    good=(
        {
            "death": {"death_date": "2025-08-01", "source": "family"},
            "follow_up": [{"visit_date": "2025-05-01", "vital_status": "alive"}],
        },
        {
            "death": {"death_date": "2025-05-20"},
            "follow_up": [{"visit_date": "2025-05-01", "vital_status": "alive"}],
        },
        {"death": {"death_date": "2025-05-20"}},
    ),
    bad=(
        {
            "death": {"death_date": "2025-08-01"},
            "follow_up": [{"visit_date": "2025-05-01", "vital_status": "alive"}],
        },
    ),
    check=check,
)
