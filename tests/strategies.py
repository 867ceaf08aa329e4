"""Hypothesis strategies: what the forms accept, read off the forms themselves."""

from collections.abc import Iterator
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from registry.domain.dates import PartialDate
from registry.domain.forms import FORMS
from registry.domain.forms.form import NULL_REASONS, Form, required_names
from registry.domain.part import Part

DAYS = st.dates(date(1850, 1, 1), date(2200, 12, 31)).map(lambda day: day.isoformat())
PARTIAL = st.builds(lambda day, length: day[:length], DAYS, st.sampled_from((4, 7, 10)))


def values(annotation: Any, limits: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Plain JSON values that the annotation with its limits accepts."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        (inner,) = (member for member in get_args(annotation) if member is not NoneType)
        return st.none() | values(inner, limits)
    if origin is Annotated:
        inner, *metadata = get_args(annotation)
        if inner is PartialDate:
            return DAYS
        facts = (fact for m in metadata for fact in (m.metadata if isinstance(m, FieldInfo) else (m,)))
        return values(inner, limits | limits_of(tuple(facts)))
    if origin is list:
        (inner,) = get_args(annotation)
        lo, hi = limits.get("min_length", 0), min(limits.get("max_length", 3), 7)
        return st.lists(values(inner, {}), min_size=lo, max_size=max(lo, hi))
    if origin is Literal:
        return st.sampled_from(get_args(annotation))
    if annotation is PartialDate:
        return PARTIAL
    if annotation is bool:
        return st.booleans()
    if annotation is int:
        step = limits.get("multiple_of", 1)
        return st.integers(limits["ge"] // step, limits["le"] // step).map(lambda n: n * step)
    if annotation is float:
        return st.floats(
            limits.get("ge", limits.get("gt")),
            limits["le"],
            exclude_min="gt" in limits,
            allow_subnormal=False,
        )
    if annotation is str and "pattern" in limits:
        return st.from_regex(limits["pattern"].replace("$", r"\Z")).filter(
            lambda text: len(text) <= limits.get("max_length", 1000)
        )
    if annotation is str:
        return st.text(
            st.characters(exclude_categories=("Cs",)),
            min_size=limits.get("min_length", 0),
            max_size=min(limits.get("max_length", 20), 20),
        )
    assert issubclass(annotation, Part), annotation
    return objects(annotation)


def limits_of(metadata: tuple[Any, ...]) -> dict[str, Any]:
    names = ("ge", "gt", "le", "multiple_of", "pattern", "min_length", "max_length")
    return {name: getattr(m, name) for m in metadata for name in names if getattr(m, name, None) is not None}


def objects(model: type[Part]) -> st.SearchStrategy[dict[str, Any]]:
    fields = {
        name: values(info.annotation, limits_of(tuple(info.metadata)))
        for name, info in model.model_fields.items()
        if name != "missing"
    }
    if issubclass(model, Form):
        fields["missing"] = st.dictionaries(
            st.sampled_from(sorted(fields)), st.sampled_from(NULL_REASONS), max_size=2
        )
    must = {name: fields[name] for name, info in model.model_fields.items() if info.is_required()}
    may = {name: strategy for name, strategy in fields.items() if name not in must}
    return st.fixed_dictionaries(must, optional=may)


RECORDS = st.sampled_from(FORMS).flatmap(lambda form: objects(form).map(lambda plain: (form, plain)))


@st.composite
def messages(draw: st.DrawFn) -> dict[str, Any]:
    """Submissions as plain JSON that can be read, whatever a clinician would say to them."""
    forms: dict[str, Any] = {}
    for form, plain in draw(st.lists(RECORDS, min_size=1, max_size=5)):
        plain["missing"] = {name: "not_stated" for name in required_names(form) if plain.get(name) is None}
        if form.KEY:
            forms.setdefault(form.NAME, []).append(plain)
        else:
            forms[form.NAME] = plain
    return {"case": "KND-0001", "recorded_at": "2026-03-04T09:12:00+09:00", "forms": forms}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=10)
    | st.sampled_from(("2026-02-30", "9999-12-31", "0000", "yes", "0", "", " ", "left", "1e3")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
"""Any JSON value, and texts that look nearly right."""


@st.composite
def hostile(draw: st.DrawFn) -> Any:
    """A submission that was damaged in one to four places: values, names, types, repeats, what is left out."""
    root = {"": draw(messages())}
    for _ in range(draw(st.integers(1, 4))):
        places = list(_places(root))
        if not places:
            break
        holder, step = draw(st.sampled_from(places))
        match draw(st.sampled_from(("replace", "remove", "misspell", "add", "repeat"))):
            case "replace":
                holder[step] = draw(JSON)
            case "remove":
                del holder[step]
            case "misspell" if isinstance(step, str):
                holder[step[:-1] + draw(st.sampled_from(("", "x", "/", "~", "é")))] = holder.pop(step)
            case "add" if isinstance(holder, dict):
                holder[draw(st.text(st.characters(exclude_categories=("Cs",)), max_size=5))] = draw(JSON)
            case _:
                holder[step] = [holder[step], holder[step]]
    return root.get("")


def _places(holder: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a JSON value, as what holds it and the step to it."""
    steps = holder.items() if isinstance(holder, dict) else enumerate(holder)
    for step, value in list(steps):
        yield holder, step
        if isinstance(value, dict | list):
            yield from _places(value)
