"""Pictures for the public: what is hidden is no point of a curve, and single patients are no lines.

Sections draw public curves through a few marked days only (a step would be the day on which somebody died); a height that
is hidden is left out here.
"""

from collections.abc import Mapping
from typing import Any


def coarsened(kind: str, data: Any) -> Any:
    """The data of a figure of this kind as the public may see them."""
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
    if kind == "cumulative_incidence":
        return bool(data["until"])
    return kind != "funnel" or data["share"] is not None


def _curve(group: Mapping[str, Any]) -> dict[str, Any]:
    steps = [step for step in group["steps"] if step[1] is not None]
    end = max((step[0] for step in steps), default=0)
    return {**group, "steps": steps, "solid_until": end, "last_day": end}


def _incidence(data: Mapping[str, Any]) -> dict[str, Any]:
    """A day on which one of the areas is hidden is left out of all."""
    heights = [cause["values"] for cause in data["causes"]]
    kept = [place for place, _ in enumerate(data["days"]) if all(one[place] is not None for one in heights)]
    causes = [{**cause, "values": [cause["values"][place] for place in kept]} for cause in data["causes"]]
    days = [data["days"][place] for place in kept]
    return {**data, "until": max(days, default=0), "days": days, "causes": causes}
