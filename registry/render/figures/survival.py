"""Survival: step curves with their band, and the numbers they rest on below the axis.

Data::

    {"measure": "Alive", "origin": "onset of MPS", "unit": "months",      # days, weeks, months or years
     "horizon": 731, "ticks": [0, 91, 183, ...],                          # days
     "level": "95 %", "few_at_risk": 5, "delayed_entry": true,
     "groups": [{                                                         # 1 to 4
         "name": "All patients", "label": "median 7.1 months (5.0 to 9.8)",
         "steps": [[0, 1.0, null, null], [12, 0.98, 0.87, 0.997], ...],   # day, estimate, lower, upper limit
         "censored": [40, 77],                                            # days; one for each day is enough
         "solid_until": 300, "last_day": 480,                             # days
         "at_risk": [52, 40, ...], "events": [0, 9, ...], "censored_so_far": [0, 3, ...]   # at ticks; null: hidden
     }]}

The curve is solid, with its band, as long as enough patients are at risk (``solid_until``), and a thin dotted line
without band from there to the last day seen: in a small group the plateau at the end may be one single person
(Pocock, Clements & Altman, Lancet 2002;359:1686). It is never smoothed or extended. A group without ``steps`` is too
small for a curve; its numbers are still printed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from registry.render.figures import beneath
from registry.render.figures.canvas import LINE, POINTS, SMALL, panel, percent_axis
from registry.render.figures.key import spread
from registry.render.figures.palette import INK, Stroke, stroke
from registry.render.figures.time_axis import time_axis

_HEIGHT, _LEFT, _RIGHT = 3.1, 1.1, 1.75
_MOST_CENSOR_TICKS = 400


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
        _curve(axes, group, stroke(index))
    _names(axes, groups)
    beneath.write(axes, data["ticks"], lines, left=_LEFT)
    return drawing


def _curve(axes: Axes, group: Mapping[str, Any], look: Stroke) -> None:
    steps = group["steps"]
    if not steps:
        return
    solid, last = group["solid_until"], group["last_day"]
    firm = [step for step in steps if step[0] <= solid]
    if firm:
        days = [*(step[0] for step in firm), solid]
        height = [*(step[1] for step in firm), firm[-1][1]]
        axes.step(days, height, where="post", color=look.colour, linestyle=look.dashes, linewidth=1.7)
        lower = [step[2] if step[2] is not None else step[1] for step in firm]
        upper = [step[3] if step[3] is not None else step[1] for step in firm]
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
        tail = [[solid, firm[-1][1]]] if firm else []
        tail += [step[:2] for step in steps if step[0] > solid]
        axes.step(
            [*(point[0] for point in tail), last],
            [*(point[1] for point in tail), tail[-1][1]],
            where="post",
            color=look.colour,
            linestyle=(0, (1, 2)),
            linewidth=1.1,
        )
    if len(group["censored"]) <= _MOST_CENSOR_TICKS:
        _censor_ticks(axes, group, look)


def _censor_ticks(axes: Axes, group: Mapping[str, Any], look: Stroke) -> None:
    """One path for all ticks, so that a large registry does not make a large file."""
    x: list[float] = []
    y: list[float] = []
    for day in group["censored"]:
        height = _height_at(group["steps"], day)
        x += [day, day, float("nan")]
        y += [height - 0.013, height + 0.013, float("nan")]
    axes.plot(x, y, color=look.colour, linewidth=0.9, solid_capstyle="butt", clip_on=False)


def _height_at(steps: Sequence[Sequence[float]], day: float) -> float:
    return next((step[1] for step in reversed(steps) if step[0] <= day), 1.0)


def _names(axes: Axes, groups: Sequence[Mapping[str, Any]]) -> None:
    """Names at the right edge, level with the ends of their curves."""
    texts = ["\n".join(filter(None, (group["name"], group.get("label")))) for group in groups]
    ends = [group["steps"][-1][1] if group["steps"] else 0.0 for group in groups]
    most = max(text.count("\n") + 1 for text in texts)
    room = LINE * (most + 0.4) / (_HEIGHT * POINTS)
    places = spread(ends, room, room / 2, 1.0)
    for index, (text, place) in enumerate(zip(texts, places, strict=True)):
        axes.annotate(
            text,
            (1, place),
            (8, 0),
            xycoords="axes fraction",
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
            color=stroke(index).colour,
            linespacing=1.3,
        )


def _lines(groups: Sequence[Mapping[str, Any]]) -> list[beneath.Line]:
    lines = []
    for index, group in enumerate(groups):
        colour = stroke(index).colour if len(groups) > 1 else INK
        if len(groups) > 1:
            lines.append(beneath.Line(group["name"], colour=colour))
        lines += [
            beneath.Line("At risk", group["at_risk"]),
            beneath.Line("Censored", group["censored_so_far"]),
            beneath.Line("Events", group["events"]),
        ]
    return lines


def _notes(data: Mapping[str, Any]) -> list[str]:
    groups, few = data["groups"], data["few_at_risk"]
    notes = [f"Shaded: {data['level']} interval at each day by itself. Upright ticks: follow-up ends (censored)."]
    if any(len(group["censored"]) > _MOST_CENSOR_TICKS for group in groups):
        notes[0] = f"Shaded: {data['level']} interval at each day by itself. Too many censored to mark each."
    if any(group["steps"] and group["last_day"] > group["solid_until"] for group in groups):
        notes.append(f"Dotted: fewer than {few} at risk; each death moves the curve by more than {100 // few} %.")
    if data["delayed_entry"]:
        notes.append(f"Patients enter after {data['origin']}: the numbers at risk may rise.")
    return notes
