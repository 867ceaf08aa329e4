"""JSON in: strict bytes to one document, or to the bytes of many.

Refuses what loose parsers let through: NaN, duplicate keys, bytes that are not UTF-8, bodies nested deeper than the
limit, and the character NUL, which PostgreSQL can store neither as text nor as JSON. The offending text is never
repeated, because it may identify a patient.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson

from registry.domain.findings import Finding, escape

NOT_JSON = frozenset({"not_json", "too_deep", "too_many_values", "duplicate_key", "nul_character"})
"""Codes of what is wrong with bytes before anybody looks at their content."""


MOST_VALUES = 10_000_000
"""Values of one document. Parsed, so many empty objects fill 800 MB; a hundred megabytes of real data have fewer."""


def _crowded(body: bytes) -> Finding | None:
    """What is wrong with bytes that would make more values than are taken: told before anybody parses them."""
    if len(body) <= MOST_VALUES or sum(map(body.count, (b",", b"[", b"{"))) <= MOST_VALUES:
        return None
    return _problem(
        "too_many_values", f"the JSON has more than {MOST_VALUES} values; send it in several parts"
    )


def document(body: bytes, *, max_depth: int) -> tuple[Any, Finding | None]:
    """The parsed document, or the finding that says why it is not JSON."""
    if crowded := _crowded(body):
        return None, crowded
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        return None, _problem("not_json", _why_not(body, error))
    names, depth = _measure(parsed)
    if depth > max_depth:
        return None, _problem("too_deep", f"the JSON is nested deeper than {max_depth} levels")
    if not _each_once(body, names):
        return None, _problem(
            "duplicate_key", f"the name `{_duplicate(body)}` stands twice in one object; send it once"
        )
    if b"\\u0000" in body:
        for pointer in _with_nul(parsed, ""):
            text = "the character NUL (\\u0000) stands in this text or its name; send it without"
            return None, _problem("nul_character", text, pointer)
    return parsed, None


def lines(body: bytes) -> list[bytes]:
    """The documents of an NDJSON body, one a line; blank lines are no documents."""
    return [line for line in (raw.strip() for raw in body.split(b"\n")) if line]


DEEPEST = 200
"""Levels of an array that are looked into: ten times what any submission needs, a fifth of what the readers bear."""


def array(body: bytes) -> tuple[Iterator[bytes], int, Finding | None]:
    """The documents of a JSON array, each as its own bytes, unchanged, made as they are asked for; and how many.

    Only the array is judged here: what is wrong inside one document is that document's own affair.
    """
    if crowded := _crowded(body):
        return iter(()), 0, crowded
    try:
        parsed = orjson.loads(body)
        if isinstance(parsed, list) and _measure(parsed)[1] <= DEEPEST:
            return _slices(body.decode()), len(parsed), None
    except orjson.JSONDecodeError as error:
        return iter(()), 0, _problem("not_json", _why_not(body, error))
    if isinstance(parsed, list):
        return iter(()), 0, _problem("too_deep", f"the JSON is nested deeper than {DEEPEST} levels")
    return (
        iter(()),
        0,
        _problem("wrong_type", "send a JSON array of submissions, or one submission a line as NDJSON"),
    )


_GAP = re.compile(r"[\s,]*")


def _slices(array: str) -> Iterator[bytes]:
    """The text of each element of a valid array."""
    decoder = json.JSONDecoder()
    at = array.index("[") + 1
    while array[at := _GAP.match(array, at).end()] != "]":  # type: ignore[union-attr]
        _, end = decoder.raw_decode(array, at)
        yield array[at:end].encode()
        at = end


def _problem(code: str, text: str, pointer: str = "") -> Finding:
    return Finding(code, "reject", pointer, text)


def _why_not(body: bytes, error: orjson.JSONDecodeError) -> str:
    """What is wrong with bytes that are no JSON, and what to do."""
    if not body.strip():
        return "not JSON: the body is empty"
    try:
        body.decode()
    except UnicodeDecodeError as wrong:
        return f"not JSON: byte {wrong.start + 1} is not UTF-8; save the text as UTF-8"
    return f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}"


def _with_nul(value: Any, pointer: str) -> Iterator[str]:
    """JSON pointers of the texts that hold a NUL, and of the objects with a name that does."""
    if isinstance(value, str) and "\0" in value:
        yield pointer
    elif isinstance(value, list):
        for i, one in enumerate(value):
            yield from _with_nul(one, f"{pointer}/{i}")
    elif isinstance(value, dict):
        for name, one in value.items():
            if "\0" in name:
                yield pointer
            yield from _with_nul(one, f"{pointer}/{escape(name)}")


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


def _each_once(body: bytes, names: int) -> bool:
    """Whether no name stands twice in an object of a valid document that is left with so many names when it is read.

    Without space behind a quote every name ends in `":`, and some texts hold that too: where it stands no more often than
    there are names, that is quick to see. Else every string is looked at.
    """
    if body.count(b'":') == names and not _SPACED.search(body):
        return True
    return sum(map(bool, _STRINGS.findall(body))) == names


_SPACED = re.compile(rb'"\s')

_STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"(\s*+:)?', re.DOTALL)
"""Every string of a valid document; the group is there when it is the name of a member.

The matcher never goes back: else it would remember a hundred bytes for each one of a long string.
"""


def _measure(value: Any) -> tuple[int, int]:
    """How many names of members are in the parsed value, and how deep it is nested (a scalar is 0 deep)."""
    names = depth = 0
    level = [value]
    while level := [one for one in level if type(one) is dict or type(one) is list]:
        inner: list[Any] = []
        for one in level:
            if type(one) is dict:
                names += len(one)
                inner += one.values()
            else:
                inner += one
        level = inner
        depth += 1
    return names, depth
