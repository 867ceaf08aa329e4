"""E04: a treatment or an adverse event does not end before it starts, and its fractions have room between."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.dates import PartialDate, certainly_after
from registry.domain.forms.analgesic import Analgesic
from registry.domain.forms.form import Form
from registry.domain.forms.intervention import Intervention
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.forms.systemic_therapy import SystemicTherapy
from registry.domain.forms.toxicity import Toxicity
from registry.domain.rules.rule import Context, Hit, Rule

INTERVALS: tuple[tuple[type[Form], str, str], ...] = (
    (Analgesic, "start", "end"),
    (Radiotherapy, "start", "end"),
    (SystemicTherapy, "c1d1", "last_dose_date"),
    (Intervention, "date", "end"),
    (Toxicity, "onset", "resolution"),
)

MOST_FRACTIONS_A_DAY = 3


def check(case: Case, context: Context) -> Iterator[Hit]:
    for form, first, last in INTERVALS:
        for record in case.all(form):
            start: PartialDate | None = getattr(record, first)
            end: PartialDate | None = getattr(record, last)
            if start is None or end is None:
                continue
            problem = ""
            if certainly_after(start, end):
                problem = "ends before it starts"
            elif isinstance(record, Radiotherapy):
                problem = _crowded(record, start, end)
            if problem:
                values = {"first": first, "start": start, "last": last, "end": end, "problem": problem}
                yield Hit(record, last, values)


def _crowded(course: Radiotherapy, start: PartialDate, end: PartialDate) -> str:
    """What is wrong when even the longest reading of the dates has no room for the fractions given."""
    room = MOST_FRACTIONS_A_DAY * ((end.hi - start.lo).days + 1)
    given = course.delivered_fractions
    if given is None or given <= room:
        return ""
    return (
        f"has room for at most {room} fractions at {MOST_FRACTIONS_A_DAY} a day, but {given} were delivered"
    )


RULE = Rule(
    id="E04",
    version=1,
    severity="reject",
    title="No end before the start",
    sentence="A treatment or adverse event ends on the day it starts or later, and no course of "
    "radiotherapy delivers more than three fractions a day.",
    message="The interval from `{first}` {start} to `{last}` {end} {problem}. Correct the dates or the "
    "fractions.",
    why="Doses over time and the order of treatment and response are counted from these intervals. More "
    "than three fractions a day is outside every published schedule for palliation. Registry decision.",
    fields=(
        "analgesic.start",
        "analgesic.end",
        "radiotherapy.start",
        "radiotherapy.end",
        "radiotherapy.delivered_fractions",
        "systemic_therapy.c1d1",
        "systemic_therapy.last_dose_date",
        "intervention.date",
        "intervention.end",
        "toxicity.onset",
        "toxicity.resolution",
    ),
    good=(
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "start": "2025-03-10", "end": "2025-03-31", "delivered_fractions": 16}
            ]
        },
        {"radiotherapy": [{"rt_id": "RT-1", "start": "2025-03-31", "end": "2025-03"}]},
        {
            "analgesic": [
                {"drug_name": "oxycodone", "route": "PO", "start": "2025-03-10", "end": "2025-03-10"}
            ]
        },
    ),
    bad=(
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "start": "2025-03-10", "end": "2025-03-12", "delivered_fractions": 16}
            ]
        },
        {
            "analgesic": [
                {"drug_name": "oxycodone", "route": "PO", "start": "2025-03-10", "end": "2025-03-09"}
            ]
        },
        {"systemic_therapy": [{"therapy_id": "TC", "c1d1": "2025-04-02", "last_dose_date": "2025-03"}]},
        {"toxicity": [{"term": "nausea", "onset": "2025-04-02", "resolution": "2024"}]},
        {"intervention": [{"type": "epidural_catheter", "date": "2025-04-02", "end": "2025-04-01"}]},
    ),
    check=check,
)
