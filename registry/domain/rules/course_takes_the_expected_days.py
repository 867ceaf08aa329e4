"""Q14: a course of radiotherapy takes the days that its fractions take at five a week."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.dates import days_between
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    for course in case.all(Radiotherapy):
        count = course.planned_fractions if course.delivered_fractions is None else course.delivered_fractions
        if not count or course.start is None or course.end is None:
            continue
        fewest, most = days_between(course.start, course.end)
        if most < 0:
            continue  # the order itself is wrong, which another rule says
        per_day = course.fractions_per_day or 1
        expected = last_day(-(-count // per_day))
        if most < expected or fewest > expected + context.limits.course_extra_d:
            took = str(most) if fewest == most else f"{fewest} to {most}"
            values = {
                "fractions": count,
                "start": course.start,
                "end": course.end,
                "days": took,
                "expected": expected,
            }
            yield Hit(course, "end", values)


def last_day(sessions: int) -> int:
    """Day of the last of so many daily sessions, five a week, the first on a Monday, which is day 0."""
    return 7 * ((sessions - 1) // 5) + (sessions - 1) % 5


RULE = Rule(
    id="Q14",
    version=1,
    severity="query",
    title="Course takes the expected days",
    sentence="A course lasts as long as its fractions take at five a week, and at most two weeks longer.",
    message="{fractions} fractions from {start} to {end} took {days} days; at five a week, begun on "
    "a Monday, the last fraction falls on day {expected}. Correct the dates or the fractions, say "
    "how many a day were given, or confirm the weekend treatment or the pause.",
    why="Day of the last fraction = 7 x floor((n-1)/5) + (n-1) mod 5: 21 for 16 fractions, 32 for "
    "25. The allowance for pauses is a registry decision.",
    fields=tuple(
        f"radiotherapy.{name}"
        for name in ("delivered_fractions", "planned_fractions", "fractions_per_day", "start", "end")
    ),
    good=(
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "delivered_fractions": 16, "start": "2025-03-03", "end": "2025-03-24"},
                {
                    "rt_id": "RT-2",
                    "delivered_fractions": 10,
                    "fractions_per_day": 2,
                    "start": "2025-03-03",
                    "end": "2025-03-07",
                },
                {"rt_id": "RT-3", "delivered_fractions": 25, "start": "2025-03", "end": "2025-04"},
                {"rt_id": "RT-4", "delivered_fractions": 1, "start": "2025-03-03", "end": "2025-03-03"},
            ]
        },
    ),
    bad=(
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "delivered_fractions": 16, "start": "2025-03-03", "end": "2025-03-14"}
            ]
        },
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "delivered_fractions": 5, "start": "2025-03-03", "end": "2025-04-30"}
            ]
        },
    ),
    check=check,
)
