"""People's own words: the free text of records and what is said about queries, sealed and opened again."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row

from registry.domain.case import Version
from registry.domain.words import put_back, take_out
from registry.sealing import DataKey, place
from registry.store.vault import Keys


def sealed_record(key: DataKey, case_id: int, version: Version) -> dict[str, Any]:
    """What is stored of a record version: its content without free text, and the free text with the reason, sealed."""
    content, words = take_out(version.form, version.content.plain)
    if not words and not version.reason:
        return {"content": content}
    at = _of_record(case_id, version.form, version.content.key, version.recorded_at, version.hash)
    sealed = key.seal(orjson.dumps({"words": words, "reason": version.reason}), at)
    return {"content": content, "sealed": f"\\x{sealed.hex()}"}


def record_of(keys: Keys, row: Row[Any]) -> tuple[dict[str, Any], str | None]:
    """The content of a stored record version and the reason of its change."""
    if row.sealed is None:
        return row.content, row.reason
    at = _of_record(row.case_id, row.form, row.key, row.recorded_at, row.hash)
    kept = orjson.loads(keys.open(row.sealed, at) or b"{}")
    return put_back(row.content, kept.get("words", {})), kept.get("reason")


def _of_record(case_id: int, form: str, key: str, recorded_at: Any, digest: str) -> bytes:
    return place("record", "sealed", case_id, form, key, recorded_at.isoformat(), digest)


def sealed_entry(key: DataKey, query_id: UUID, entry: Mapping[str, Any], words: str) -> dict[str, Any]:
    """An entry of a query's history with what was said, sealed."""
    said = key.seal(words.encode(), _of_entry(query_id, entry))
    return {**entry, "sealed": base64.b64encode(said).decode()}


def histories(
    keys: Keys, rows: Iterable[tuple[UUID, Sequence[Mapping[str, Any]]]]
) -> list[list[dict[str, Any]]]:
    """The histories of queries (id, history) with what was said in them."""
    asked = list(rows)
    values = {
        (query, place_): base64.b64decode(entry["sealed"])
        for query, history in asked
        for place_, entry in enumerate(history)
        if "sealed" in entry
    }
    keys.load(values.values())
    found = []
    for query, history in asked:
        opened = []
        for place_, entry in enumerate(history):
            value = values.get((query, place_))
            rest = {name: one for name, one in entry.items() if name != "sealed"}
            said = keys.open(value, _of_entry(query, rest)) if value else None
            opened.append({**rest, "text": said.decode()} if said is not None else rest)
        found.append(opened)
    return found


def _of_entry(query_id: UUID, entry: Mapping[str, Any]) -> bytes:
    return place("query", "history", query_id, entry["action"], entry["actor"], entry["at"])
