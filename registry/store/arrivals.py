"""Rows of submissions as they arrive, sealed, with the keys that seal them.

Statements over many rows take them as one parameter for each column: one round trip and one plan, whatever their number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlmodel import Session

# A row is stored only with a key that is there: one that was made in the same statement, or one that was not destroyed.
_NEW = """
    WITH made AS (
        INSERT INTO data_key (name, site_id, master, wrapped)
        SELECT name, :site_id, :master, wrapped
        FROM unnest(CAST(:new_names AS uuid[]), CAST(:new_wrapped AS bytea[])) AS n (name, wrapped)
        ORDER BY name ON CONFLICT DO NOTHING RETURNING name)
    INSERT INTO submission (id, site_id, batch_id, position, state, pseudonym, payload, content_hash,
                            idempotency_key, correlation_id, attempts, ring_at, place, source, findings, sender)
    SELECT id, :site_id, :batch_id, position, 'received', pseudonym, payload, content_hash,
           idempotency_key, correlation_id, 0, now() + make_interval(secs => CAST(:patience AS float8)), place, source,
           CAST(findings AS jsonb), sender
    FROM unnest(CAST(:ids AS uuid[]), CAST(:positions AS int[]), CAST(:pseudonyms AS text[]),
                CAST(:payloads AS bytea[]), CAST(:hashes AS text[]), CAST(:places AS text[]),
                CAST(:sources AS bytea[]), CAST(:findings AS text[]), CAST(:keys AS text[]),
                CAST(:correlations AS text[]), CAST(:senders AS text[]), CAST(:sealed_by AS uuid[]))
         AS new (id, position, pseudonym, payload, content_hash, place, source, findings, idempotency_key,
                 correlation_id, sender, sealed_by)
    WHERE sealed_by IS NULL OR sealed_by IN (SELECT name FROM made)
       OR (sealed_by <> ALL(CAST(:new_names AS uuid[]))
           AND EXISTS (SELECT FROM data_key k WHERE k.name = sealed_by AND k.wrapped IS NOT NULL))
    ON CONFLICT (site_id, idempotency_key) DO NOTHING RETURNING id
"""
_ADD = text(_NEW)

_ADDED = text("UPDATE batch SET items = items + :count, notes = CAST(:notes AS jsonb) WHERE id = :id")


@dataclass(frozen=True, slots=True)
class New:
    """A submission to be stored: what came, or what was made of it; payload and source are sealed before they are.

    correlation_id   of the request that brought it
    sender    who sent it, as the audit trail names them
    idempotency_key  under which its sender may repeat it
    place     of an item in its file
    source    the row that the payload was made from
    findings  what was found wrong, or worth a note, before it was stored
    position  of an item in its batch
    sealed_by name of the data key that payload and source are sealed by
    """

    id: UUID
    payload: bytes | None
    hash: str
    correlation_id: str
    idempotency_key: str | None = None
    sender: str | None = None
    pseudonym: str | None = None
    place: str | None = None
    source: bytes | None = None
    findings: Sequence[dict[str, Any]] = ()
    position: int | None = None
    sealed_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewKeys:
    """Data keys that are stored with the rows they seal, each unless its name has one: by name, wrapped."""

    master: str
    wrapped: Mapping[UUID, bytes]


def add(
    session: Session,
    rows: Sequence[New],
    keys: NewKeys,
    *,
    site_id: int,
    batch_id: UUID | None,
    patience: float | None,
) -> set[UUID]:
    """Insert submissions as received; gives the ids of those inserted.

    Left out are those whose idempotency key is known, and those sealed by a key that is not there. ``patience`` is after
    how many seconds they are rung for again; items of a batch are when their parcel is given up.
    """
    values = _values(rows, keys) | {"site_id": site_id, "batch_id": batch_id, "patience": patience}
    return set(session.execute(_ADD, values).scalars())


def _values(rows: Sequence[New], keys: NewKeys) -> dict[str, Any]:
    return {
        "master": keys.master,
        "new_names": list(keys.wrapped),
        "new_wrapped": list(keys.wrapped.values()),
        "sealed_by": [row.sealed_by for row in rows],
        "ids": [row.id for row in rows],
        "positions": [row.position for row in rows],
        "pseudonyms": [row.pseudonym for row in rows],
        "payloads": [row.payload for row in rows],
        "hashes": [row.hash for row in rows],
        "places": [row.place for row in rows],
        "sources": [row.source for row in rows],
        "findings": [orjson.dumps(row.findings).decode() if row.findings else None for row in rows],
        "keys": [row.idempotency_key for row in rows],
        "correlations": [row.correlation_id for row in rows],
        "senders": [row.sender for row in rows],
    }


def count_in(session: Session, batch_id: UUID, count: int, notes: list[dict[str, Any]]) -> None:
    """Say that so many more items of a batch were stored, and what is known of its file by now."""
    session.execute(_ADDED, {"id": batch_id, "count": count, "notes": orjson.dumps(notes).decode()})
