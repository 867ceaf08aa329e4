"""Payloads and sources of submissions: sealed under the key of their case, and opened again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from registry.domain.erased import ERASED
from registry.sealing import DataKey, place
from registry.store import arrivals
from registry.store.arrivals import New, NewKeys
from registry.store.database import Work
from registry.store.vault import Keys, Vault


def store_sealed(
    work: Work,
    rows: Sequence[New],
    *,
    site_id: int,
    batch_id: UUID | None = None,
    patience: float | None = None,
) -> set[UUID]:
    """Store submissions, each sealed under the key of its case, or under one of its own where it names no case.

    Gives the ids of those stored; left out are those whose idempotency key is known. Of one about a case that was erased
    nothing is kept but that it came, and why it is refused.

    Single submissions are sealed under the key that this process remembers, or under a new one; where neither is the
    case's, they are sealed again. So most cost no round trip more than their storing. A batch asks for its keys first.
    """
    vault = work.keys.vault
    named = {row.id: _name(vault, site_id, row) for row in rows}
    where = {"site_id": site_id, "batch_id": batch_id, "patience": patience}
    keys, new = (
        _at_hand(vault, named.values()) if batch_id is None else (_stored(work, site_id, named.values()), {})
    )
    stored = _store(work, rows, named, keys, new, **where)
    left = [row for row in rows if row.id not in stored]
    if left and batch_id is None:
        keys = {**keys, **_stored(work, site_id, (named[row.id] for row in left))}
        stored |= _store(work, left, named, keys, {}, **where)
    vault.forget(named.values())
    vault.remember(key for row in rows if row.id in stored and row.pseudonym and (key := keys[named[row.id]]))
    return stored


def _store(
    work: Work,
    rows: Sequence[New],
    named: Mapping[UUID, UUID],
    keys: Mapping[UUID, DataKey | None],
    new: Mapping[UUID, bytes],
    **where: Any,
) -> set[UUID]:
    sealed = [_sealed(row, keys[named[row.id]]) for row in rows]
    return arrivals.add(work.session, sealed, NewKeys(work.keys.vault.keyring.first.id, new), **where)


def _at_hand(vault: Vault, names: Iterable[UUID]) -> tuple[dict[UUID, DataKey | None], dict[UUID, bytes]]:
    """For each name the key that is remembered, or else a new one, with these wrapped."""
    keys: dict[UUID, DataKey | None] = {}
    new: dict[UUID, bytes] = {}
    for name in dict.fromkeys(names):
        keys[name] = vault.remembered(name)
        if keys[name] is None:
            keys[name], new[name] = vault.new_key(name)
    return keys, new


def _stored(work: Work, site_id: int, names: Iterable[UUID]) -> dict[UUID, DataKey | None]:
    return work.keys.of(dict.fromkeys(names, site_id))


def _name(vault: Vault, site_id: int, row: New) -> UUID:
    if row.pseudonym is None:
        return vault.name("submission", row.id)
    return vault.case((site_id, row.pseudonym))


def _sealed(row: New, key: DataKey | None) -> New:
    if key is None:
        said = [ERASED.as_json()]
        return New(
            row.id,
            None,
            "",
            row.correlation_id,
            sender=row.sender,
            place=row.place,
            position=row.position,
            findings=said,
        )
    assert row.payload is not None
    return replace(
        row,
        payload=key.seal(row.payload, place("submission", "payload", row.id)),
        source=key.seal(row.source, place("submission", "source", row.id)) if row.source else None,
        sealed_by=key.name,
    )


def payload_of(keys: Keys, row: Row[Any]) -> bytes | None:
    """The payload of a submission; None once its case was erased."""
    return _opened(keys, row.payload, place("submission", "payload", row.id))


def source_of(keys: Keys, row: Row[Any]) -> bytes | None:
    """What the payload of a submission was made of, or the payload; None once its case was erased."""
    if row.source is None:
        return payload_of(keys, row)
    return _opened(keys, row.source, place("submission", "source", row.id))


def _opened(keys: Keys, value: bytes | None, at: bytes) -> bytes | None:
    return None if value is None else keys.open(value, at)
