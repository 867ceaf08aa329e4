"""How it is said that something cannot be read: a pointer, a stable code, a sentence that says what to do.

The offending value is never repeated, because it may identify a patient; names of fields are.
"""

import difflib
from typing import Any

from pydantic_core import ErrorDetails

from registry.domain.findings import Finding, escape
from registry.domain.forms.form import Form


def from_pydantic(form: type[Form], problem: ErrorDetails, pointer: str) -> Finding:
    """Say one problem that pydantic found in a record at ``pointer`` in our words."""
    path = [part for part in problem["loc"] if not _is_tag(part)]
    place = pointer + "".join(f"/{escape(str(part))}" for part in path)
    kind = problem["type"]
    if kind == "extra_forbidden":
        return unknown(str(path[-1]), place, _siblings(form, path), form=form.NAME)
    rule = _rule_of(form, path)
    message = problem["msg"]
    match kind:
        case "partial_date" | "exact_date":
            rule, message = "E06", f"`{path[-1]}` {message}"
        case "literal_error":
            rule = rule or "E14"
            message = (
                f"`{path[-1]}` is not one of the permitted values: {message.removeprefix('Input should be ')}"
            )
        case "missing":
            rule, message = "required", f"`{path[-1]}` is required here"
        case "string_pattern_mismatch":
            message = f"`{path[-1]}` is not written as it should be: {_description(form, path)}"
        case _:
            message = (
                f"`{path[-1] if path else form.NAME}`: {message.removeprefix('Input should be ')} is expected"
            )
            message = message.replace("a valid ", "a ").replace("a integer", "an integer")
            if rule == "E09":
                message += "; doses are in Gy: was it cGy?"
    return Finding(rule or kind, "reject", place, message, form.NAME)


def _is_tag(part: object) -> bool:
    """pydantic puts the member of a union into the location; a JSON pointer has no such step."""
    return isinstance(part, str) and (part.startswith("function-") or part in ("[key]",))


def _siblings(form: type[Form], path: list[int | str]) -> tuple[str, ...]:
    """Names that were possible where an unknown one was found."""
    fields = form.model_fields
    for part in path[:-1]:
        if isinstance(part, str) and part in fields:
            inner = _model_in(fields[part].annotation)
            fields = inner.model_fields if inner is not None else {}
    return tuple(fields)


def _model_in(annotation: Any) -> Any:
    if hasattr(annotation, "model_fields"):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _model_in(argument)
        if found is not None:
            return found
    return None


def _description(form: type[Form], path: list[int | str]) -> str:
    """What the dictionary says of the variable at the end of the path."""
    info = form.model_fields.get(str(path[0]))
    return (info.description if info else None) or "see the dictionary."


def _rule_of(form: type[Form], path: list[int | str]) -> str | None:
    """The rule that the innermost variable on the path names for its limits, or that of a variable around it."""
    fields, rule = form.model_fields, None
    for part in path:
        info = fields.get(part) if isinstance(part, str) else None
        if info is None:
            continue
        extra = info.json_schema_extra
        rule = (extra.get("x-rule") if isinstance(extra, dict) else None) or rule
        inner = _model_in(info.annotation)
        fields = inner.model_fields if inner is not None else {}
    return str(rule) if rule else None


def unknown(
    name: str, pointer: str, known: tuple[str, ...], *, what: str = "field", form: str = ""
) -> Finding:
    """An unknown name, with the known one it resembles; ``what`` it would be the name of."""
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(known[:40])}"
    shown = name if len(name) <= 60 else name[:57] + "..."
    return refusal(f"unknown_{what}", pointer, f"there is no {what} `{shown}`; {hint}", form)


def refusal(code: str, pointer: str, message: str, form: str = "") -> Finding:
    """A finding that sends the submission back."""
    return Finding(code, "reject", pointer, message, form)
