"""The data dictionary as data: one flat row per variable, read off the forms.

Codebook, documentation, CSV template and the REDCap dictionary are written from these rows, so that nothing about a
variable is said twice. Pure: the forms in, values out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from registry.domain.codes.code import Code
from registry.domain.dates import PartialDate
from registry.domain.forms import FORMS
from registry.domain.forms.form import Form
from registry.domain.forms.time import Offset
from registry.domain.part import Part

Kind = Literal[
    "integer", "number", "text", "boolean", "choice", "partial date", "exact date", "offset", "code", "group"
]

_SCALARS: dict[Any, Kind] = {
    int: "integer",
    float: "number",
    str: "text",
    bool: "boolean",
    PartialDate: "partial date",
    Offset: "offset",
    Code: "code",
}

LONG = 100
"""A text that may be at least this long can hold a sentence; shorter ones are labels."""

_LIMITS = ("ge", "gt", "le", "multiple_of", "pattern", "max_length")

_COMMON = ("missing", "retracted")  # the same in every form; described once, not once per form


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the dictionary.

    path        place inside the record: ``nrs_worst``, ``imaging[].date``, ``non_index_pain.cause``
    kind        what a value is; a ``group`` has its variables in the rows that follow
    many        True when the variable is a list of such values
    unit        UCUM code
    lo, hi      hard limits of the value, inclusive unless ``lo_open``; outside them a submission is refused
    step        the value is a multiple of this
    values      permitted values, each with its meaning (empty where the value says it)
    binding     concept code, or name of the code list a code must come from
    requirement ``key`` (part of the natural key), ``required``, ``conditional`` or ``optional``
    when        the circumstances in which a conditional variable is expected
    rule        rule of the catalogue that a value outside type or limits breaks
    """

    form: str
    path: str
    kind: Kind
    many: bool
    unit: str
    lo: float | None
    lo_open: bool
    hi: float | None
    step: float | None
    pattern: str
    max_length: int | None
    values: tuple[tuple[str, str], ...]
    binding: str
    key: bool
    requirement: Literal["required", "conditional", "optional"]
    when: str
    rule: str
    free_text: bool
    default: str
    description: str

    @property
    def range(self) -> str:
        """The limits as people write them: ``0 to 10``, ``more than 0, at most 150``."""
        if self.lo is None or self.hi is None:
            return ""
        if self.lo_open:
            return f"more than {self.lo:g}, at most {self.hi:g}"
        steps = f" in steps of {self.step:g}" if self.step else ""
        return f"{self.lo:g} to {self.hi:g}{steps}"

    @property
    def holds_words(self) -> bool:
        """Whether people write what they like: free text, and text long enough for a sentence and bound to no pattern."""
        return self.free_text or (self.kind == "text" and not self.pattern and (self.max_length or 0) >= LONG)

    @property
    def type(self) -> str:
        """The kind in words, with ``list of`` where it repeats."""
        return f"list of {self.kind}s" if self.many else self.kind


@cache
def variables() -> tuple[Variable, ...]:
    """Every variable of every form, in reading order."""
    return tuple(row for form in FORMS for row in _rows(form, form, ""))


def first_line(model: type[Part]) -> str:
    """The first line of the docstring of a form or part."""
    return (model.__doc__ or "").strip().splitlines()[0]


def _rows(form: type[Form], model: type[Part], prefix: str) -> Iterator[Variable]:
    for name, info in model.model_fields.items():
        if model is form and name in _COMMON:
            continue
        row, inner = _row(form, model, prefix, name, info)
        yield row
        if inner is not None:
            yield from _rows(form, inner, f"{row.path}{'[]' if row.many else ''}.")


def _row(
    form: type[Form], model: type[Part], prefix: str, name: str, info: FieldInfo
) -> tuple[Variable, type[Part] | None]:
    facts = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    plain, many, metadata = _unwrap(info.annotation, tuple(info.metadata))
    limits = {limit: getattr(m, limit) for m in metadata for limit in _LIMITS if hasattr(m, limit)}
    values = tuple(str(value) for value in get_args(plain)) if get_origin(plain) is Literal else ()
    meanings: dict[str, str] = facts.get("x-choices") or {}  # type: ignore[assignment]
    kind: Kind = "choice" if values else _SCALARS.get(plain, "group")
    if kind == "partial date" and any(hasattr(m, "func") for m in metadata):
        kind = "exact date"
    must = bool(facts.get("x-required")) or info.is_required()
    return Variable(
        form=form.NAME,
        path=prefix + name,
        kind=kind,
        many=many,
        unit=str(facts.get("x-unit", "")),
        lo=limits.get("gt", limits.get("ge")),
        lo_open="gt" in limits,
        hi=limits.get("le"),
        step=limits.get("multiple_of"),
        pattern=limits.get("pattern") or "",
        max_length=None if many else limits.get("max_length"),
        values=tuple((value, meanings.get(value, "")) for value in values or meanings),
        binding=str(facts.get("x-binding", "")),
        key=model is form and name in form.KEY,
        requirement="required" if must else "conditional" if "x-when" in facts else "optional",
        when=str(facts.get("x-when", "")),
        rule=str(facts.get("x-rule", "")),
        free_text=bool(facts.get("x-free-text")),
        default="" if info.is_required() or info.default is None else str(info.default),
        description=info.description or "",
    ), plain if kind == "group" else None


def _unwrap(
    annotation: Any, metadata: tuple[Any, ...], many: bool = False
) -> tuple[Any, bool, tuple[Any, ...]]:
    """The plain type inside ``T | None``, ``list[T]`` and ``Annotated[T, ...]``, with all metadata on the way."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        (annotation,) = (member for member in get_args(annotation) if member is not NoneType)
        return _unwrap(annotation, metadata, many)
    if origin is list:
        return _unwrap(get_args(annotation)[0], metadata, True)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        facts = (fact for m in more for fact in (m.metadata if isinstance(m, FieldInfo) else (m,)))
        return _unwrap(inner, (*metadata, *facts), many)
    return annotation, many, metadata
