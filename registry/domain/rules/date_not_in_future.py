"""E05: what is recorded has happened."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from registry.domain.case import Case
from registry.domain.findings import Finding
from registry.domain.rules.rule import Context, Hit, Rule
from registry.domain.submission import Submission
from registry.domain.timeline import DATE_FIELDS, dated_events

TOLERANCE = timedelta(days=1)
"""Between the calendar of the site and that of the server may lie one day."""

CLOCK_SKEW = timedelta(minutes=10)
"""A time of recording carries its zone, so only badly set clocks are forgiven."""


def check(case: Case, context: Context) -> Iterator[Hit]:
    latest = context.today + TOLERANCE
    for event in dated_events(case):
        if event.date.lo > latest and event.kind != "planned":
            yield Hit(event.record, event.path, {"event": event.name, "date": event.date})


def recorded_in_future(submission: Submission, now: datetime) -> list[Finding]:
    """The same of the message itself: a record from tomorrow would beat every correction made today.

    ``now`` is aware; at most one finding, at ``/recorded_at``.
    """
    if submission.recorded_at <= now + CLOCK_SKEW:
        return []
    values = {"event": "recorded_at", "date": submission.recorded_at.isoformat()}
    return [Finding(RULE.id, RULE.severity, "/recorded_at", RULE.message.format(**values), values=values)]


RULE = Rule(
    id="E05",
    version=1,
    severity="reject",
    title="No date in the future",
    sentence="No recorded event is later than the day after the day of checking; only planned visits, the "
    "end of a blinding, a withdrawal that takes effect later and treatment that is only planned may lie "
    "ahead.",
    message="`{event}` {date} lies in the future. Correct it, or send the record once it has happened.",
    why="A date ahead is a slip of the keyboard, most often of the year. One day is allowed for time "
    "zones, ten minutes for the clock that gives the time of recording. Registry decision.",
    fields=DATE_FIELDS,
    good=(
        {"function": [{"assess_date": "2026-01-16", "ecog": 2}]},
        {"function": [{"assess_date": "2026", "ecog": 2}]},
        {"follow_up": [{"visit_date": "2026-01-10", "next_due": "2026-02-10"}]},
        {"systemic_therapy": [{"therapy_id": "TC", "status": "planned", "c1d1": "2026-02-01"}]},
    ),
    bad=(
        {"function": [{"assess_date": "2026-01-17", "ecog": 2}]},
        {"mps_episode": [{"imaging": [{"modality": "MRI", "date": "2027"}]}]},
        {"death": {"death_date": "2026-02"}},
    ),
    check=check,
)
