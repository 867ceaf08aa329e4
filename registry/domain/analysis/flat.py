"""An analysis row as it is stored: its figures in one list, in the order of the fields, without their names.

A third of the room that names and figures take, and a report turns a million of them into columns without walking
them. What a row holds as a list or a mapping stands as its JSON text, so every figure can be looked up in a table of
values; a survival time stands in its place, figure by figure; a response is a list of its own, or null where there is
none. The version stands first and says which fields they are.
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
MAPPINGS = frozenset({"toxicity", "completeness", "by_table"})

_PLAIN_OF_RESPONSE = tuple(name for name in OF_RESPONSE if name not in WINDOWS)

RESPONSE_PATHS = (*_PLAIN_OF_RESPONSE, *(f"{window}.{name}" for window in WINDOWS for name in OF_WINDOW))
"""Paths of the figures of a response, in their order in its list."""

PATHS = tuple(
    path
    for name in TOP
    for path in ([f"{name}.{figure}" for figure in OF_SURVIVAL] if name in SURVIVAL else [name])
)
"""Paths of the figures of a row, in their order: ``os_onset.exit``. That of a response names the whole of it."""

VERSION, SETTLED_ON, OPEN_BLOCKING = map(PATHS.index, ("analysis_version", "settled_on", "open_blocking"))


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


def _texts(paths: Sequence[str]) -> tuple[int, ...]:
    """Where the lists and mappings stand."""
    return tuple(place for place, path in enumerate(paths) if path.rpartition(".")[2] in LISTS | MAPPINGS)


_TEXTS, _TEXTS_OF_RESPONSE = _texts(PATHS), _texts(RESPONSE_PATHS)


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
    return _with_texts(figures, _TEXTS)


def _response(response: Any, get: _Getters) -> Flat:
    figures = list(get.response(response))
    for window in get.windows(response):
        figures += get.window(window)
    return _with_texts(figures, _TEXTS_OF_RESPONSE)


def _with_texts(figures: Flat, places: Sequence[int]) -> Flat:
    for place in places:
        if (value := figures[place]) is not None:
            figures[place] = as_text(value)
    return figures


def as_text(value: Any) -> str:
    """A list or a mapping as it stands among the figures."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def as_value(name: str, figure: Any) -> Any:
    """The same figure as plain JSON."""
    return figure if figure is None or (name not in LISTS and name not in MAPPINGS) else orjson.loads(figure)


def as_json(figures: Flat) -> dict[str, Any]:
    """The row of a list as plain JSON."""
    row: dict[str, Any] = {}
    rest = iter(figures)
    for name in TOP:
        if name in SURVIVAL:
            row[name] = {one: as_value(one, next(rest)) for one in OF_SURVIVAL}
        elif name in RESPONSE:
            response = next(rest)
            row[name] = None if response is None else _as_response(iter(response))
        else:
            row[name] = as_value(name, next(rest))
    return row


def _as_response(rest: Iterator[Any]) -> dict[str, Any]:
    row: dict[str, Any] = {name: next(rest) for name in _PLAIN_OF_RESPONSE}
    return row | {window: {name: as_value(name, next(rest)) for name in OF_WINDOW} for window in WINDOWS}
