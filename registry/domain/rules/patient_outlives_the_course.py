"""Q22: a death within a week of radiotherapy, or before its planned end, is confirmed."""

from collections.abc import Iterator
from datetime import timedelta

from registry.domain.case import Case
from registry.domain.forms.death import Death
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.rules.course_takes_the_expected_days import last_day
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    death = case.one(Death)
    if death is None or death.death_date is None:
        return
    died = death.death_date
    for course in case.all(Radiotherapy):
        if course.completed == "not_started" or course.start is None or died.hi < course.start.lo:
            continue
        planned = course.planned_fractions
        days = None if course.end is None else (died.hi - course.end.lo).days
        if days is not None and 0 <= days <= context.limits.death_after_course_d:
            text = f"{days} days after the last fraction on {course.end}"
        elif planned is not None and died.hi < course.start.lo + timedelta(
            last_day(-(-planned // (course.fractions_per_day or 1)))
        ):
            text = f"before the {planned} planned fractions from {course.start} could end"
        else:
            continue
        yield Hit(death, "death_date", {"death": died, "when": text, "course": course.rt_id})


RULE = Rule(
    id="Q22",
    version=1,
    severity="query",
    title="Patient outlives the course",
    sentence="The patient lives for more than a week after radiotherapy and does not die before its "
    "planned end.",
    message="The death on {death} falls {when} (course {course}). Confirm both dates. A true early "
    "death stays in the denominator of every response rate.",
    why="Uno 2024 report a death 18 days after the start of 36 Gy in 12 fractions: early deaths are "
    "real, and a wrong date would hide or invent one. The limit of 7 days is a registry decision.",
    fields=(
        "death.death_date",
        "radiotherapy.start",
        "radiotherapy.end",
        "radiotherapy.planned_fractions",
        "radiotherapy.fractions_per_day",
        "radiotherapy.completed",
    ),
    good=(
        {
            "radiotherapy": [{"rt_id": "RT-1", "start": "2025-03-03", "end": "2025-03-24"}],
            "death": {"death_date": "2025-09-01"},
        },
        {
            "radiotherapy": [{"rt_id": "RT-1", "start": "2025-03-03", "end": "2025-03-24"}],
            "death": {"death_date": "2025"},
        },
        {"death": {"death_date": "2025-09-01"}},
    ),
    bad=(
        {
            "radiotherapy": [{"rt_id": "RT-1", "start": "2025-03-03", "end": "2025-03-18"}],
            "death": {"death_date": "2025-03-20"},
        },
        {
            "radiotherapy": [{"rt_id": "RT-1", "start": "2025-03-03", "planned_fractions": 13}],
            "death": {"death_date": "2025-03-12"},
        },
    ),
    check=check,
)
