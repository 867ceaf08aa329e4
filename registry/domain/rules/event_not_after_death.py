"""E02: nothing happens to a patient after death."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.dates import certainly_after
from registry.domain.forms.death import Death
from registry.domain.rules.rule import Context, Hit, Rule
from registry.domain.timeline import dated_events


def check(case: Case, context: Context) -> Iterator[Hit]:
    death = case.one(Death)
    if death is None or death.death_date is None:
        return
    for event in dated_events(case):
        if event.kind == "clinical" and certainly_after(event.date, death.death_date):
            values = {"event": event.name, "date": event.date, "death": death.death_date}
            yield Hit(event.record, event.path, values)


RULE = Rule(
    id="E02",
    version=1,
    severity="reject",
    title="No clinical event after death",
    sentence="No assessment, treatment, imaging or other clinical event is later than the death.",
    message="`{event}` {date} is after the death on {death}. Correct the date of the event or "
    "`death.death_date`. Tissue taken after death, a visit at which the death was reported and a review "
    "of the record may be later.",
    why="A patient who is treated after the recorded death has a wrong date somewhere, and survival is "
    "counted from it. Registry decision.",
    fields=("death.death_date",),
    good=(
        {"death": {"death_date": "2025-09"}, "function": [{"assess_date": "2025-09-30", "ecog": 4}]},
        {
            "death": {"death_date": "2025-09-02"},
            "mps_episode": [{"pathology": {"biopsy": True, "date": "2025-09-04"}}],
            "follow_up": [{"visit_date": "2025-09-09", "mode": "phone", "vital_status": "dead"}],
        },
    ),
    bad=(
        {"death": {"death_date": "2025-09-02"}, "function": [{"assess_date": "2025-09-03", "ecog": 4}]},
        {"death": {"death_date": "2025-09"}, "mps_episode": [{"imaging": [{"date": "2025-10"}]}]},
        {
            "death": {"death_date": "2025-09-02"},
            "follow_up": [{"visit_date": "2025-09-09", "mode": "record_review", "vital_status": "alive"}],
        },
    ),
    check=check,
)
