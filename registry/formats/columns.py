"""The flat side of the dictionary: one column for every single value of a form.

Parts of a group are reached by a path (``target_volume.side``), of a repeated group by its number
(``imaging[1].date``). CSV templates and the REDCap dictionary have the same columns.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin

from registry.domain.codes.code import Code
from registry.domain.dictionary import Variable, variables
from registry.domain.forms import FORMS_BY_NAME
from registry.domain.forms.time import Offset

Kind = Literal["integer", "number", "text", "boolean", "choice", "partial date", "exact date"]

MAX_REPEATS = 50
"""Highest number a repeated group may have in a heading; more belong into JSON."""


@dataclass(frozen=True, slots=True)
class Column:
    """One value of a form.

    path      ``nrs_worst``, ``target_volume.side``, ``imaging[].date``
    kind      what the value is; ``many`` when a cell holds several of them
    values    permitted values with what they mean, where the value does not say it
    variable  the variable of the dictionary that it is; None for parts of a code or an offset, and for ``retracted``
    meaning   what the value says
    """

    form: str
    path: str
    kind: Kind
    many: bool
    meaning: str
    values: tuple[tuple[str, str], ...] = ()
    variable: Variable | None = None

    @property
    def top(self) -> str:
        """The variable of the form itself, to which a reason for a missing value belongs."""
        return re.split(r"[.\[]", self.path, maxsplit=1)[0]


@cache
def columns(form: str) -> dict[str, Column]:
    """The columns of a form by path, in reading order; the withdrawal comes last."""
    if form not in FORMS_BY_NAME:
        raise LookupError(f"there is no form {form!r}; choose one of {', '.join(FORMS_BY_NAME)}")
    found = {column.path: column for v in variables() if v.form == form for column in _of(v)}
    meaning = FORMS_BY_NAME[form].model_fields["retracted"].description or ""
    return found | {"retracted": Column(form, "retracted", "text", False, meaning)}


def _of(variable: Variable) -> Iterator[Column]:
    match variable.kind:
        case "group":
            return  # its variables follow
        case "code" | "offset":
            model = Code if variable.kind == "code" else Offset
            place = variable.path + "[]" * variable.many
            for name, info in model.model_fields.items():
                kind: Kind = "number" if info.annotation is float else "text"
                choices = get_args(info.annotation) if get_origin(info.annotation) is Literal else ()
                yield Column(
                    variable.form,
                    f"{place}.{name}",
                    "choice" if choices else kind,
                    False,
                    f"{variable.description} {info.description}",
                    tuple((str(value), "") for value in choices),
                )
        case kind:
            yield Column(
                variable.form,
                variable.path,
                kind,
                variable.many,
                variable.description,
                variable.values,
                variable,
            )


def numbered(path: str, number: int) -> str:
    """The path with every repeated group at this number, counted from 1."""
    return path.replace("[]", f"[{number}]")


Steps = tuple[str | int, ...]

_STEP = re.compile(r"([a-z][a-z0-9_]*)(?:\[(\d{1,3})\])?")


def column_of(form: str, heading: str) -> tuple[Column, Steps] | None:
    """The column of a heading such as ``imaging[2].date`` and the steps to its value; None when there is none.

    A repeated group without a number is its first.
    """
    steps: list[str | int] = []
    path = []
    known = columns(form)
    for part in heading.split("."):
        found = _STEP.fullmatch(part)
        if found is None:
            return None
        steps.append(found[1])
        path.append(found[1])
        so_far = ".".join(path)
        if any(one.startswith(f"{so_far}[].") for one in known):
            number = int(found[2] or 1)
            if not 1 <= number <= MAX_REPEATS:
                return None
            steps.append(number - 1)
            path[-1] += "[]"
        elif found[2]:
            return None
    column = known.get(".".join(path))
    return (column, tuple(steps)) if column else None


class Occupied(ValueError):
    """A group that was said to be empty and has a value."""


def put(record: dict[Any, Any], steps: Steps, value: object) -> None:
    """Set the value at its place; groups and repeated groups on the way are made (numbers as names for now).

    Raises ``Occupied`` where an empty group is set over a value, or the other way round.
    """
    for step in steps[:-1]:
        record = record.setdefault(step, {})
        if not isinstance(record, dict):
            raise Occupied
    if value in ({}, []) and record.get(steps[-1]):
        raise Occupied
    record[steps[-1]] = value


def group_of(steps: Steps) -> Steps:
    """The steps to the first repeated group on the way to a value."""
    first = next(i for i, step in enumerate(steps) if isinstance(step, int))
    return steps[:first]


def plain(node: Any) -> Any:
    """The record as it is sent: what was numbered becomes a list, closed up where a number was left out."""
    if not isinstance(node, dict):
        return node
    if node and all(isinstance(name, int) for name in node):
        return [plain(node[number]) for number in sorted(node)]
    return {name: plain(inner) for name, inner in node.items()}


def heading_of(pointer: str) -> str:
    """The heading that a JSON pointer into a record speaks of: ``/imaging/1/date`` is ``imaging[2].date``."""
    heading = ""
    for step in pointer.strip("/").split("/"):
        if step == "missing":
            continue
        heading += f"[{int(step) + 1}]" if step.isdigit() else f"{'.' if heading else ''}{step}"
    return heading
