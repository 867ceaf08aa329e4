"""JSON in: strict bytes to one document, or to the bytes of many.

Refuses what loose parsers let through: NaN, duplicate keys, bytes that are not UTF-8, bodies nested deeper than the
limit. The offending text is never repeated, because it may identify a patient.
"""

import json
import re
from typing import Any

import orjson

from registry.domain.findings import Finding


def document(body: bytes, *, max_depth: int) -> tuple[Any, Finding | None]:
    """The parsed document, or the finding that says why it is not JSON."""
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        return None, _problem(
            "not_json", f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        )
    names, depth = _measure(parsed)
    if depth > max_depth:
        return None, _problem("too_deep", f"the JSON is nested deeper than {max_depth} levels")
    if names != sum(1 for string in _STRINGS.finditer(body) if string[1]):
        return None, _problem(
            "duplicate_key", f"the name `{_duplicate(body)}` stands twice in one object; send it once"
        )
    return parsed, None


def lines(body: bytes) -> list[bytes]:
    """The documents of an NDJSON body, one a line; blank lines are no documents."""
    return [line for line in (raw.strip() for raw in body.split(b"\n")) if line]


def array(body: bytes, *, max_depth: int) -> tuple[list[bytes], Finding | None]:
    """The documents of a JSON array, each as its own bytes."""
    parsed, problem = document(body, max_depth=max_depth + 1)
    if problem is not None:
        return [], problem
    if not isinstance(parsed, list):
        return [], _problem(
            "wrong_type", "send a JSON array of submissions, or one submission a line as NDJSON"
        )
    return [orjson.dumps(one) for one in parsed], None


def _problem(code: str, text: str) -> Finding:
    return Finding(code, "reject", "", text)


class _Twice(ValueError):
    pass


def _once(pairs: list[tuple[str, Any]]) -> None:
    seen = set()
    for name, _ in pairs:
        if name in seen:
            raise _Twice(name)
        seen.add(name)


def _duplicate(body: bytes) -> str:
    """The first name that stands twice in one object. orjson keeps the last silently; a hospital must be told."""
    try:
        json.loads(body, object_pairs_hook=_once)
    except _Twice as twice:
        return str(twice)[:60]
    return "?"


_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"(\s*:)?', re.DOTALL)
"""Every string of a valid document; the group is there when it is the name of a member."""


def _measure(value: Any) -> tuple[int, int]:
    """How many names of members are in the parsed value, and how deep it is nested (a scalar is 0 deep)."""
    names = depth = 0
    level = [value]
    while level:
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                names += len(one)
                inner.extend(one.values())
            elif isinstance(one, list):
                inner.extend(one)
        level = [one for one in inner if isinstance(one, dict | list)]
        depth += 1
    return names, depth
