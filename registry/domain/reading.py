"""Read a submission from plain JSON: forms where they can be read, findings where they can not.

Reading never raises for content. Every finding has a JSON pointer, a stable code and a sentence that says what to do.
Where a limit of a form is a rule of the catalogue, its id is the code (``E06`` dates, ``E11`` pain scores ...).
"""

import difflib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from registry.domain.dictionary_versions import lifted, versions_taken
from registry.domain.findings import Finding, escape
from registry.domain.forms import DICTIONARY_VERSION, FORMS_BY_NAME
from registry.domain.forms.form import NULL_REASONS, Form, required_names
from registry.domain.submission import Submission

ENVELOPE = ("case", "recorded_at", "reason", "dictionary", "forms")
PSEUDONYM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}", re.ASCII)
MAX_RECORDS = 2_000
MAX_FINDINGS = 200
"""Places named in one answer; a body of nothing but mistakes must not cost seconds and megabytes."""


class _Enough(Exception):
    """So much is wrong that the rest is not looked at."""


class _Findings(list[Finding]):
    """What is wrong so far."""

    def append(self, one: Finding) -> None:
        super().append(one)
        if len(self) >= MAX_FINDINGS:
            raise _Enough


def read_submission(document: object) -> tuple[Submission | None, list[Finding]]:
    """The submission, or the findings that say why it can not be read: the first 200 of them."""
    findings = _Findings()
    try:
        return _read_submission(document, findings), findings
    except _Enough:
        text = f"more than these {MAX_FINDINGS} places may be wrong; mend them first"
        return None, [*findings, _refusal("too_many_mistakes", "", text)]


def _read_submission(document: object, findings: _Findings) -> Submission | None:
    if not isinstance(document, dict):
        text = "send one JSON object with `case`, `recorded_at` and `forms`"
        findings.append(_refusal("wrong_type", "", text))
        return None
    for name in document:
        if name not in ENVELOPE:
            findings.append(_unknown(name, f"/{escape(name)}", ENVELOPE))
    case = _case_name(document, findings)
    recorded_at = _recorded_at(document, findings)
    reason = document.get("reason")
    if reason is not None and not (isinstance(reason, str) and 3 <= len(reason.strip()) <= 500):
        findings.append(_refusal("wrong_type", "/reason", "give the reason in 3 to 500 characters, or null"))
    dictionary = document.get("dictionary") or DICTIONARY_VERSION
    if dictionary not in versions_taken():
        text = f"this registry reads the dictionary versions {', '.join(versions_taken())}; send one of them"
        findings.append(_refusal("unknown_dictionary", "/dictionary", text))
        return None
    records = _records(document.get("forms"), dictionary, findings)
    if findings or recorded_at is None or case is None:
        return None
    return Submission(case, recorded_at, tuple(records), reason, dictionary)


def _case_name(document: dict[str, Any], findings: _Findings) -> str | None:
    case = document.get("case")
    if isinstance(case, str) and PSEUDONYM.fullmatch(case):
        return case
    text = "give the site's pseudonym of the patient: 1 to 64 letters, digits and . _ / - , no name, no record number"
    findings.append(_refusal("required" if case is None else "case_name", "/case", text))
    return None


def _recorded_at(document: dict[str, Any], findings: _Findings) -> datetime | None:
    given = document.get("recorded_at")
    hint = "give the time of recording with its zone, for example 2026-03-04T09:12:00+09:00"
    try:
        when = datetime.fromisoformat(given) if isinstance(given, str) else None
        if when is not None and when.tzinfo is not None and when.astimezone(UTC).year >= 1990:
            return when.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    findings.append(_refusal("required" if given is None else "recorded_at", "/recorded_at", hint))
    return None


def _records(forms: object, dictionary: str, findings: _Findings) -> list[tuple[str, Form]]:
    if not isinstance(forms, dict) or not forms:
        text = '`forms` holds at least one form, for example {"patient": {...}}'
        findings.append(_refusal("required" if forms is None else "wrong_type", "/forms", text))
        return []
    records: list[tuple[str, Form]] = []
    for name, given in forms.items():
        form = FORMS_BY_NAME.get(name)
        pointer = f"/forms/{escape(name)}"
        if form is None:
            findings.append(_unknown(name, pointer, tuple(FORMS_BY_NAME), what="form"))
        elif not form.KEY:
            _read(form, given, dictionary, pointer, records, findings)
        elif isinstance(given, list):
            if len(given) > MAX_RECORDS:
                findings.append(
                    _refusal("too_many", pointer, f"send at most {MAX_RECORDS} records of a form at once")
                )
                continue
            for i, one in enumerate(given):
                _read(form, one, dictionary, f"{pointer}/{i}", records, findings)
        else:
            findings.append(
                _refusal("wrong_type", pointer, f"`{name}` repeats: send an array of objects", name)
            )
    return records


def _read(
    form: type[Form],
    given: object,
    dictionary: str,
    pointer: str,
    records: list[tuple[str, Form]],
    findings: _Findings,
) -> None:
    if not isinstance(given, dict):
        kind = "an array of objects" if form.KEY else "one object"
        findings.append(_refusal("wrong_type", pointer, f"`{form.NAME}` takes {kind}", form.NAME))
        return
    try:
        record = form.model_validate(lifted(form.NAME, given, dictionary))
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_context=False):
            findings.append(_from_pydantic(form, problem, pointer))
        return
    records.append((pointer, record))
    if record.retracted is None:
        for finding in _unexplained_nulls(record, pointer):
            findings.append(finding)


def _unexplained_nulls(record: Form, pointer: str) -> Iterator[Finding]:
    for name in _required(type(record)):
        if getattr(record, name) is None and name not in record.missing:
            text = f"`{name}` needs a value, or null with a reason in `missing`: one of {', '.join(NULL_REASONS)}"
            yield _refusal("required", f"{pointer}/{name}", text, record.NAME)
    for name in record.missing:
        place = f"{pointer}/missing/{escape(name)}"
        if name not in type(record).model_fields:
            yield _unknown(name, place, tuple(type(record).model_fields), form=record.NAME)
        elif getattr(record, name) is not None:
            text = f"`{name}` has a value and a reason for having none; send one of them"
            yield _refusal("value_and_reason", place, text, record.NAME)


@lru_cache(maxsize=64)
def _required(form: type[Form]) -> tuple[str, ...]:
    return required_names(form)


def _from_pydantic(form: type[Form], problem: ErrorDetails, pointer: str) -> Finding:
    """Say one pydantic problem in our words. The offending value is not repeated: it may identify a patient."""
    path = [part for part in problem["loc"] if not _is_tag(part)]
    place = pointer + "".join(f"/{escape(str(part))}" for part in path)
    kind = problem["type"]
    if kind == "extra_forbidden":
        return _unknown(str(path[-1]), place, _siblings(form, path), form=form.NAME)
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


def _unknown(
    name: str, pointer: str, known: tuple[str, ...], *, what: str = "field", form: str = ""
) -> Finding:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(known[:40])}"
    shown = name if len(name) <= 60 else name[:57] + "..."
    return _refusal(f"unknown_{what}", pointer, f"there is no {what} `{shown}`; {hint}", form)


def _refusal(code: str, pointer: str, message: str, form: str = "") -> Finding:
    return Finding(code, "reject", pointer, message, form)
