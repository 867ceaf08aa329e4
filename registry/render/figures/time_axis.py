"""The axis of time: data in whole days, marks in the unit a clinician thinks in."""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes

from registry.render.figures.canvas import TEXT

DAYS_IN = {"days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}


def time_axis(axes: Axes, data: Mapping[str, Any]) -> None:
    """Lay out the x axis from ``unit``, ``origin``, and in days ``ticks`` and ``horizon``, of the data."""
    unit = data["unit"]
    if unit not in DAYS_IN:
        raise ValueError(f"unit of time {unit!r}; known are {', '.join(DAYS_IN)}")
    axes.set_xlim(0, data["horizon"])
    axes.set_xticks(data["ticks"], [_in_unit(day / DAYS_IN[unit]) for day in data["ticks"]])
    axes.set_xlabel(f"{unit.capitalize()} since {data['origin']}", fontsize=TEXT)


def _in_unit(value: float) -> str:
    """Whole where a mark lies within an eighth of a unit of a whole number (364 days are 12 months)."""
    return f"{value:.0f}" if abs(value - round(value)) < 0.125 else f"{value:.1f}"
