"""An analysis row as it is stored: its figures in one list, in a fixed order, without their names.

A third of the room that names and figures take, and a report turns a million of them into columns without walking
them. Figures that have few answers together, as all that is said of a response but its days, scores and doses, stand
together as one text: half as many figures to look up, which takes a third off a report. A response is a list of its own,
or null where there is none. The version stands first and says which figures they are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter, itemgetter
from typing import Any

import orjson

from registry.domain.analysis.row import (
    RESPONSE,
    SURVIVAL,
    TOP,
    WINDOWS,
    AnalysisRow,
    ResponseRow,
    SurvivalRow,
    WindowRow,
)

Flat = list[Any]

OF_SURVIVAL = tuple(f.name for f in fields(SurvivalRow))
OF_RESPONSE = tuple(f.name for f in fields(ResponseRow))
OF_WINDOW = tuple(f.name for f in fields(WindowRow))
LISTS = frozenset({"open_blocking", "mechanisms", "interventions", "flags"})

_PLAIN_OF_RESPONSE = tuple(name for name in OF_RESPONSE if name not in WINDOWS)

TEXTS = frozenset({"open_blocking", "completeness"})
"""Figures that are a list or a mapping and stand alone: as a text they can be looked up in a table of values."""

_OF_SURVIVAL_TOGETHER = ("event", "cause", "flags", "reason")
_OF_WINDOW_TOGETHER = (
    "category",
    "reason",
    "flags",
    "pragmatic",
    "pain_only",
    "confounded",
    "integrated",
    "by_table",
)
_DAYS_OF_RESPONSE = (
    "treatment",
    "responder_day",
    "responder_after",
    "competing_day",
    "followed_to",
    "duration_days",
)


class Layout:
    """The order in which figures are stored.

    paths  of all figures, in the order of the fields; ``os_onset.exit``. That of a response names the whole of it
    slots  the paths that stand in each place of the list: those alone first, in their order, then those together
    """

    def __init__(self, paths: Sequence[str], together: Sequence[Sequence[str]]) -> None:
        grouped = {path for group in together for path in group}
        self.paths = tuple(paths)
        self.slots = (*((path,) for path in paths if path not in grouped), *map(tuple, together))
        places = [[self.paths.index(path) for path in slot] for slot in self.slots]
        self._alone = [slot[0] for slot in places if len(slot) == 1]
        self._together = [slot for slot in places if len(slot) > 1]
        self._texts = {n for n, place in enumerate(self._alone) if paths[place] in TEXTS}

    def folded(self, figures: Sequence[Any]) -> Flat:
        """Figures in the order of the fields, as they are stored."""
        alone = [figures[place] for place in self._alone]
        for n in self._texts:
            alone[n] = as_text(alone[n])
        return alone + [as_text([figures[place] for place in places]) for places in self._together]

    def unfolded(self, stored: Flat) -> list[Any]:
        """The same in the order of the fields again. Raises ValueError for a list of another length."""
        by_path: dict[str, Any] = {}
        for slot, figure in zip(self.slots, stored, strict=True):
            by_path.update(zip(slot, values_of(slot, figure), strict=True))
        return [by_path[path] for path in self.paths]


ROW = Layout(
    [
        path
        for name in TOP
        for path in ([f"{name}.{figure}" for figure in OF_SURVIVAL] if name in SURVIVAL else [name])
    ],
    [
        [
            "source_type",
            "enrolled",
            "withdrawal",
            "mps_class",
            "flexion_failure",
            "treatment",
            "vital_status",
        ],
        ["sex", "side", "status_at_mps", "gait"],
        ["site_group", "site_group_published", "topography", "morphology"],
        ["mechanisms", "interventions"],
        ["prior_lines", "prior_rt_overlap", "ecog", "neuropathic"],
        ["rt_dose_gy", "rt_fractions", "rt_eqd2_10_gy", "rt_eqd2_3_gy"],
        ["rt_technique", "rt_completed", "death_within_30_days"],
        ["toxicity_max_grade", "toxicity"],
        *([f"{name}.{figure}" for figure in _OF_SURVIVAL_TOGETHER] for name in SURVIVAL),
    ],
)
IN_RESPONSE = Layout(
    [*_PLAIN_OF_RESPONSE, *(f"{window}.{name}" for window in WINDOWS for name in OF_WINDOW)],
    [
        [name for name in _PLAIN_OF_RESPONSE if name not in _DAYS_OF_RESPONSE],
        *([f"{window}.{name}" for name in _OF_WINDOW_TOGETHER] for window in WINDOWS),
    ],
)

VERSION, SETTLED_ON, OPEN_BLOCKING = (
    ROW.slots.index((name,)) for name in ("analysis_version", "settled_on", "open_blocking")
)


@dataclass(frozen=True, slots=True)
class _Getters:
    """Read the fields of a row, a survival time, the plain ones of a response and a window, each in one go."""

    top: Callable[[Any], tuple[Any, ...]]
    survival: Callable[[Any], tuple[Any, ...]]
    response: Callable[[Any], tuple[Any, ...]]
    windows: Callable[[Any], tuple[Any, ...]]
    window: Callable[[Any], tuple[Any, ...]]

    @classmethod
    def by(cls, of: Callable[..., Callable[[Any], tuple[Any, ...]]]) -> "_Getters":
        return cls(of(*TOP), of(*OF_SURVIVAL), of(*_PLAIN_OF_RESPONSE), of(*WINDOWS), of(*OF_WINDOW))


_OF_JSON, _OF_ROW = _Getters.by(itemgetter), _Getters.by(attrgetter)


def flat(row: Mapping[str, Any] | AnalysisRow) -> Flat:
    """The list of a row, given as plain JSON or as it is. Raises KeyError for JSON made by another version."""
    get = _OF_ROW if isinstance(row, AnalysisRow) else _OF_JSON
    figures: Flat = []
    for name, value in zip(TOP, get.top(row), strict=True):
        if name in SURVIVAL:
            figures += get.survival(value)
        elif name in RESPONSE and value is not None:
            figures.append(_response(value, get))
        else:
            figures.append(value)
    return ROW.folded(figures)


def _response(response: Any, get: _Getters) -> Flat:
    figures = list(get.response(response))
    for window in get.windows(response):
        figures += get.window(window)
    return IN_RESPONSE.folded(figures)


def as_text(value: Any) -> str:
    """A list or a mapping as it stands among the figures: JSON in single quotes, which inside JSON need no escaping."""
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return text if "'" in text else text.replace('"', "'")


def of_text(text: str) -> Any:
    """What a text stands for. Where there are double quotes, a value has a single one in it and all were left."""
    return orjson.loads(text if '"' in text else text.replace("'", '"'))


def values_of(slot: Sequence[str], figure: Any) -> list[Any]:
    """The values that a figure stands for, one for each path of its slot."""
    if len(slot) == 1:
        return [of_text(figure) if slot[0] in TEXTS else figure]
    values: list[Any] = of_text(figure)
    return values


def as_json(stored: Flat) -> dict[str, Any]:
    """The row of a list as plain JSON."""
    row: dict[str, Any] = {}
    rest = iter(ROW.unfolded(stored))
    for name in TOP:
        if name in SURVIVAL:
            row[name] = {one: next(rest) for one in OF_SURVIVAL}
        else:
            figure = next(rest)
            given = name in RESPONSE and figure is not None
            row[name] = _as_response(iter(IN_RESPONSE.unfolded(figure))) if given else figure
    return row


def _as_response(rest: Iterator[Any]) -> dict[str, Any]:
    row: dict[str, Any] = {name: next(rest) for name in _PLAIN_OF_RESPONSE}
    return row | {window: {name: next(rest) for name in OF_WINDOW} for window in WINDOWS}
