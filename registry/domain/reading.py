"""Read a submission from plain JSON: forms where they can be read, findings where they can not.

Reading never raises for content. Every finding has a JSON pointer, a stable code and a sentence that says what to do.
Where a limit of a form is a rule of the catalogue, its id is the code (``E06`` dates, ``E11`` pain scores ...).
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from registry.domain.dictionary_versions import lifted, versions_taken
from registry.domain.findings import Finding, escape
from registry.domain.forms import DICTIONARY_VERSION, FORMS_BY_NAME
from registry.domain.forms.form import NULL_REASONS, Form, required_names
from registry.domain.refusals import from_pydantic, refusal, unknown
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
        return None, [*findings, refusal("too_many_mistakes", "", text)]


def _read_submission(document: object, findings: _Findings) -> Submission | None:
    if not isinstance(document, dict):
        text = "send one JSON object with `case`, `recorded_at` and `forms`"
        findings.append(refusal("wrong_type", "", text))
        return None
    for name in document:
        if name not in ENVELOPE:
            findings.append(unknown(name, f"/{escape(name)}", ENVELOPE))
    case = _case_name(document, findings)
    recorded_at = _recorded_at(document, findings)
    reason = document.get("reason")
    if reason is not None and not (isinstance(reason, str) and 3 <= len(reason.strip()) <= 500):
        findings.append(refusal("wrong_type", "/reason", "give the reason in 3 to 500 characters, or null"))
    dictionary = document.get("dictionary") or DICTIONARY_VERSION
    if dictionary not in versions_taken():
        text = f"this registry reads the dictionary versions {', '.join(versions_taken())}; send one of them"
        findings.append(refusal("unknown_dictionary", "/dictionary", text))
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
    findings.append(refusal("required" if case is None else "case_name", "/case", text))
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
    findings.append(refusal("required" if given is None else "recorded_at", "/recorded_at", hint))
    return None


def _records(forms: object, dictionary: str, findings: _Findings) -> list[tuple[str, Form]]:
    if not isinstance(forms, dict) or not forms:
        text = '`forms` holds at least one form, for example {"patient": {...}}'
        findings.append(refusal("required" if forms is None else "wrong_type", "/forms", text))
        return []
    records: list[tuple[str, Form]] = []
    for name, given in forms.items():
        form = FORMS_BY_NAME.get(name)
        pointer = f"/forms/{escape(name)}"
        if form is None:
            findings.append(unknown(name, pointer, tuple(FORMS_BY_NAME), what="form"))
        elif not form.KEY:
            _read(form, given, dictionary, pointer, records, findings)
        elif isinstance(given, list):
            if len(given) > MAX_RECORDS:
                findings.append(
                    refusal("too_many", pointer, f"send at most {MAX_RECORDS} records of a form at once")
                )
                continue
            for i, one in enumerate(given):
                _read(form, one, dictionary, f"{pointer}/{i}", records, findings)
        else:
            findings.append(
                refusal("wrong_type", pointer, f"`{name}` repeats: send an array of objects", name)
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
        findings.append(refusal("wrong_type", pointer, f"`{form.NAME}` takes {kind}", form.NAME))
        return
    try:
        record = form.model_validate(lifted(form.NAME, given, dictionary))
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_context=False):
            findings.append(from_pydantic(form, problem, pointer))
        return
    records.append((pointer, record))
    if record.retracted is None:
        for finding in _unexplained_nulls(record, pointer):
            findings.append(finding)


def _unexplained_nulls(record: Form, pointer: str) -> Iterator[Finding]:
    for name in _required(type(record)):
        if getattr(record, name) is None and name not in record.missing:
            text = f"`{name}` needs a value, or null with a reason in `missing`: one of {', '.join(NULL_REASONS)}"
            yield refusal("required", f"{pointer}/{name}", text, record.NAME)
    for name in record.missing:
        place = f"{pointer}/missing/{escape(name)}"
        if name not in type(record).model_fields:
            yield unknown(name, place, tuple(type(record).model_fields), form=record.NAME)
        elif getattr(record, name) is not None:
            text = f"`{name}` has a value and a reason for having none; send one of them"
            yield refusal("value_and_reason", place, text, record.NAME)


@lru_cache(maxsize=64)
def _required(form: type[Form]) -> tuple[str, ...]:
    return required_names(form)
