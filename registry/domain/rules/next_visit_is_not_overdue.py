"""W05: a planned contact took place within two weeks of its date."""

from collections.abc import Iterator
from datetime import timedelta

from registry.domain.case import Case
from registry.domain.forms.death import Death
from registry.domain.forms.follow_up import FollowUp
from registry.domain.permitted_use import may_be_contacted
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    visits = case.all(FollowUp)
    due = [(visit.next_due.hi, visit.key, visit) for visit in visits if visit.next_due is not None]
    if not due or case.one(Death) is not None or not may_be_contacted(case):
        return
    if any(visit.vital_status == "dead" or visit.lost_to_followup is not None for visit in visits):
        return
    last_day, _, latest = max(due)
    deadline = last_day + timedelta(context.limits.visit_overdue_d)
    seen_later = any(
        visit is not latest
        and visit.visit_date is not None
        and (latest.visit_date is None or visit.visit_date.hi > latest.visit_date.hi)
        for visit in visits
    )
    if context.today > deadline and not seen_later:
        yield Hit(latest, "next_due", {"due": latest.next_due, "limit": context.limits.visit_overdue_d})


RULE = Rule(
    id="W05",
    version=2,
    severity="note",
    title="Next visit is not overdue",
    sentence="A planned contact takes place within 14 days of its date.",
    message="The contact planned for {due} is more than {limit} days overdue. Send it, or send a new date.",
    why="The schedule is weeks 1, 2, 4, 8 and 12, then four-weekly to death; overdue contacts are "
    "counted for each site. A patient who wants no contact any more is not waited for. Registry decision.",
    fields=(
        "follow_up.next_due",
        "follow_up.visit_date",
        "follow_up.vital_status",
        "follow_up.lost_to_followup",
        "consent.withdrawal.level",
    ),
    good=(
        {"follow_up": [{"visit_date": "2025-12-20", "next_due": "2026-01-10"}]},
        {
            "follow_up": [
                {"visit_date": "2025-10-01", "next_due": "2025-10-29"},
                {"visit_date": "2025-11-02"},
            ]
        },
        {
            "follow_up": [{"visit_date": "2025-10-01", "next_due": "2025-10-29"}],
            "death": {"death_date": "2025-10-20"},
        },
        {
            "follow_up": [{"visit_date": "2025-10-01", "next_due": "2025-10-29"}],
            "consent": [{"version": "1", "withdrawal": {"level": "no_further_contact"}}],
        },
    ),
    bad=({"follow_up": [{"visit_date": "2025-10-01", "next_due": "2025-10-29"}]},),
    check=check,
)
