"""Survival: step curves with their band, and the numbers they rest on below the axis.

Data::

    {"measure": "Alive", "origin": "onset of MPS", "unit": "months",      # days, weeks, months or years
     "horizon": 731, "ticks": [0, 91, 183, ...],                          # days
     "level": "95 %", "few_at_risk": 5, "delayed_entry": true,
     "between": "steps",  # or "straight": known at marked days only
     "groups": [{                                                         # 1 to 4
         "name": "All patients", "label": "median 7.1 months (5.0 to 9.8)",
         "steps": [[0, 1.0, null, null], [12, 0.98, 0.87, 0.997], ...],   # day, estimate, lower, upper limit
         "censored": [40, 77],                                            # days; one for each day is enough
         "solid_until": 300, "last_day": 480,                             # days
         "at_risk": [52, 40, ...], "events": [0, 9, ...],  # at ticks; null: hidden
         "censored_so_far": [0, 3, ...]
     }]}

The curve is solid, with its band, as long as enough patients are at risk (``solid_until``), and a thin dotted
line without band from there to the last day seen (from the start if ``solid_until`` is null): in a small
group the plateau at the end may be one single person (Pocock, Clements & Altman, Lancet 2002;359:1686). It is
never smoothed or extended. A group without ``steps`` is too small for a curve; its numbers are still printed.
A line of numbers that are all null is left out.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from registry.render.figures import beneath, beside
from registry.render.figures.canvas import panel, percent_axis
from registry.render.figures.palette import Stroke, stroke
from registry.render.figures.time_axis import time_axis

_HEIGHT, _LEFT, _RIGHT = 3.1, 1.1, 1.75
_MOST_CENSOR_TICKS = 400
_MOST_BANDS = 2
"""More bands than two cover each other."""


def draw(data: Mapping[str, Any]) -> Drawing:
    """The drawing of these data."""
    groups = data["groups"]
    lines = _lines(groups)
    drawing, axes = panel(
        _HEIGHT, left=_LEFT, right=_RIGHT, above=0.12, below=beneath.room(lines), notes=_notes(data)
    )
    percent_axis(axes, data["measure"])
    time_axis(axes, data)
    for index, group in enumerate(groups):
        if _has_curve(group):
            banded = len(groups) <= _MOST_BANDS
            if _straight(data):
                _marked(axes, group, stroke(index), banded=banded)
            else:
                _curve(axes, group, stroke(index), banded=banded)
    beside.write(axes, [_name(group, index, data["horizon"]) for index, group in enumerate(groups)])
    beneath.write(axes, data["ticks"], lines, left=_LEFT)
    return drawing


def _curve(axes: Axes, group: Mapping[str, Any], look: Stroke, *, banded: bool) -> None:
    steps, last = group["steps"], group["last_day"]
    solid = steps[0][0] if group["solid_until"] is None else group["solid_until"]
    firm = [step for step in steps if step[0] <= solid]
    days = [*(step[0] for step in firm), solid]
    if solid > steps[0][0]:
        height = [*(step[1] for step in firm), firm[-1][1]]
        axes.step(days, height, where="post", color=look.colour, linestyle=look.dashes, linewidth=1.7)
    if banded and solid > steps[0][0]:
        lower = [step[1] if step[2] is None else step[2] for step in firm]
        upper = [step[1] if step[3] is None else step[3] for step in firm]
        axes.fill_between(
            days,
            [*lower, lower[-1]],
            [*upper, upper[-1]],
            step="post",
            color=look.colour,
            alpha=0.13,
            linewidth=0,
        )
    if last > solid:
        tail = [[solid, firm[-1][1]], *(step[:2] for step in steps if step[0] > solid)]
        axes.step(
            [*(day for day, _ in tail), last],
            [*(height for _, height in tail), tail[-1][1]],
            where="post",
            color=look.colour,
            linestyle=(0, (1, 2)),
            linewidth=1.1,
        )
    if len(group["censored"]) <= _MOST_CENSOR_TICKS:
        _censor_ticks(axes, group, look)


def _straight(data: Mapping[str, Any]) -> bool:
    return bool(data.get("between") == "straight")


def _marked(axes: Axes, group: Mapping[str, Any], look: Stroke, *, banded: bool) -> None:
    """A line through the days on which the estimate is told."""
    days, heights = ([step[place] for step in group["steps"]] for place in (0, 1))
    axes.plot(
        days,
        heights,
        color=look.colour,
        linestyle=look.dashes,
        linewidth=1.7,
        marker="o",
        markersize=4,
        clip_on=False,
    )
    if banded:
        lower, upper = (
            [step[1] if step[place] is None else step[place] for step in group["steps"]] for place in (2, 3)
        )
        axes.fill_between(days, lower, upper, color=look.colour, alpha=0.13, linewidth=0)


def _censor_ticks(axes: Axes, group: Mapping[str, Any], look: Stroke) -> None:
    """One path for all ticks, so that a large registry does not make a large file."""
    x: list[float] = []
    y: list[float] = []
    for day in group["censored"]:
        height = _height_at(group["steps"], day)
        x += [day, day, float("nan")]
        y += [height - 0.013, height + 0.013, float("nan")]
    axes.plot(x, y, color=look.colour, linewidth=0.9, solid_capstyle="butt")


def _height_at(steps: Sequence[Sequence[float]], day: float) -> float:
    return next((step[1] for step in reversed(steps) if step[0] <= day), 1.0)


def _has_curve(group: Mapping[str, Any]) -> bool:
    return bool(group["steps"]) and group["last_day"] > group["steps"][0][0]


def _name(group: Mapping[str, Any], index: int, horizon: float) -> beside.Name:
    """The name where the curve ends, or at the foot for a group without a curve."""
    text, colour = "\n".join(filter(None, (group["name"], group.get("label")))), stroke(index).colour
    if not _has_curve(group):
        return beside.Name(text, horizon, 0.0, colour)
    end = min(group["last_day"], horizon)
    return beside.Name(text, end, _height_at(group["steps"], end), colour)


def _lines(groups: Sequence[Mapping[str, Any]]) -> list[beneath.Line]:
    lines = []
    for index, group in enumerate(groups):
        if len(groups) > 1:
            lines.append(beneath.Line(group["name"], colour=stroke(index).colour))
        for name, values in (
            ("At risk", group["at_risk"]),
            ("Censored", group["censored_so_far"]),
            ("Events", group["events"]),
        ):
            if any(value is not None for value in values):
                lines.append(beneath.Line(name, values))
    return lines


def _notes(data: Mapping[str, Any]) -> list[str]:
    groups, few, level = (
        [group for group in data["groups"] if _has_curve(group)],
        data["few_at_risk"],
        data["level"],
    )
    notes = []
    if len(data["groups"]) > _MOST_BANDS:
        notes.append(f"{level} intervals are left out, because they would cover each other; see the numbers.")
    elif groups:
        notes.append(f"Shaded: {level} interval at each day by itself.")
    if groups and _straight(data):
        notes.append("Told at the marked days only, and drawn straight between them.")
    if any(len(group["censored"]) > _MOST_CENSOR_TICKS for group in groups):
        notes.append("Too many are censored to mark each.")
    elif any(group["censored"] for group in groups):
        notes.append("Upright ticks: follow-up ends (censored).")
    if any(group["last_day"] > (group["solid_until"] or 0) for group in groups):
        moves = f"each death moves the curve by more than {100 // few} %"
        notes.append(f"Dotted: fewer than {few} at risk; {moves}.")
    if data["delayed_entry"]:
        notes.append(f"Patients enter after {data['origin']}: the numbers at risk may rise.")
    return [" ".join(notes)]
