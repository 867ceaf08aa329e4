"""Keys: how hospitals' systems and people prove who they are. Of a key's secret only a hash is kept."""

import hashlib
import re
import secrets
from typing import Any

from registry.errors import Conflict, NotFound
from registry.store import events, keys
from registry.store.database import Work

MAX_ACTIVE_KEYS = 2  # the old one and the new one while a key is changed
KEY = re.compile(r"mps_([0-9a-f]{12})_([A-Za-z0-9_-]{43})", re.ASCII)


def hashed(secret: str) -> bytes:
    """SHA-256; the secret has 256 random bits, so a slow password hash would only slow the intake."""
    return hashlib.sha256(secret.encode()).digest()


def new_key(
    work: Work,
    holder: str,
    *,
    site_id: int | None,
    person_id: int | None,
    scopes: list[str],
    label: str | None,
    days: int | None,
    actor: str,
) -> str:
    """Make a key of a site or of a person; the secret is returned once and kept nowhere."""
    active = keys.active(work.session, site_id=None if person_id else site_id, person_id=person_id)
    if len(active) >= MAX_ACTIVE_KEYS:
        raise Conflict(
            f"{holder} has {len(active)} active keys, {', '.join(active)}; revoke one with `mps key revoke`"
        )
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    expires = keys.add(
        work.session,
        key_id,
        hashed(secret),
        site_id=None if person_id else site_id,
        person_id=person_id,
        scopes=sorted(set(scopes)),
        label=label,
        days=days,
    )
    facts: dict[str, Any] = {"holder": holder, "expires": expires.isoformat() if expires else None}
    if scopes:
        facts |= {"scopes": sorted(set(scopes)), "label": label}
    events.add(work.session, [events.happened("key.issued", key_id, actor=actor, site_id=site_id, **facts)])
    return f"mps_{key_id}_{secret}"


def revoke_key(work: Work, key_id: str, *, actor: str) -> None:
    """Refuse a key from now on, whoever holds it."""
    holder = keys.holder(work.session, key_id)
    if holder is None:
        raise NotFound(f"there is no key {key_id}; `mps key list` shows them")
    if keys.revoke(work.session, key_id):
        events.add(
            work.session, [events.happened("key.revoked", key_id, actor=actor, site_id=holder.site_id)]
        )
