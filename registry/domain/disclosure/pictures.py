"""Coarser pictures for the public: a step of a curve is the day on which somebody died.

Days become the ends of whole weeks, heights whole percent, and a curve ends in the last whole week in which enough were
at risk (``solid_until`` and ``until``, which the section sets for the audience). Ticks of single patients, and counts
between two marks of the axis, are left out. Registry decision.
"""

from collections.abc import Mapping, Sequence
from typing import Any

WEEK = 7


def coarsened(kind: str, data: Any) -> Any:
    """The data of a figure of this kind as the public may see them; coarse data stay as they are."""
    if kind == "survival":
        return {**data, "groups": [_curve(group) for group in data["groups"]]}
    if kind == "cumulative_incidence":
        return _incidence(data)
    if kind == "funnel":
        sites = [site for site in data["sites"] if None not in (site["n"], site["count"])]
        return {**data, "sites": sites}
    if kind == "lines":
        return {name: value for name, value in data.items() if name != "each"}
    return data


def drawable(kind: str, data: Any) -> bool:
    """Whether a picture is left when hidden numbers are gone: a funnel stands on the share of all sites."""
    return kind != "funnel" or data["share"] is not None


def whole_weeks(days: Sequence[int], until: int) -> list[tuple[int, int]]:
    """(end of the week, place of its last day) for each week with a day, up to the last whole week by ``until``."""
    last: dict[int, int] = {}
    for place, day in enumerate(days):
        last[-(-day // WEEK) * WEEK] = place
    return [(week, place) for week, place in sorted(last.items()) if week <= until]


def _curve(group: Mapping[str, Any]) -> dict[str, Any]:
    until = group["solid_until"] // WEEK * WEEK if group["steps"] else 0
    steps = [
        [week, *(None if height is None else round(height, 2) for height in group["steps"][place][1:])]
        for week, place in whole_weeks([step[0] for step in group["steps"]], until)
    ]
    nothing = [None] * len(group["at_risk"])
    return {
        **group,
        "steps": steps,
        "censored": [],
        "solid_until": until,
        "last_day": until,
        "at_risk": group["at_risk"],
        "events": nothing,
        "censored_so_far": nothing,
    }


def _incidence(data: Mapping[str, Any]) -> dict[str, Any]:
    until = data["until"] // WEEK * WEEK
    weeks = whole_weeks(data["days"], until)
    causes = [
        {**cause, "values": [round(cause["values"][place], 2) for _, place in weeks]}
        for cause in data["causes"]
    ]
    return {**data, "until": until, "days": [week for week, _ in weeks], "causes": causes}
