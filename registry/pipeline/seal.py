"""Seal: chain new audit events by hash, so that a changed, removed, reordered or inserted event shows."""

import hashlib
import json
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from registry.store.database import Work

GENESIS = "0" * 64
SETTLED = "5 seconds"
"""Events get their ids before they commit; those younger than this may still have a smaller sibling in flight."""

_LOCK = text("SELECT pg_try_advisory_xact_lock(7205759403792794)")
_HEAD = text("SELECT last_event, hash FROM seal ORDER BY id DESC LIMIT 1")
_NEW = text(f"""
    SELECT id, at, site_id, actor, action, subject, detail FROM event
    WHERE id > :after AND at < now() - interval '{SETTLED}' ORDER BY id LIMIT :limit
""")
_ADD = text("INSERT INTO seal (last_event, events, hash) VALUES (:last_event, :events, :hash)")
_LINKS = text("SELECT id, last_event, events, hash FROM seal ORDER BY id")


def seal(work: Work, *, limit: int = 50_000) -> int:
    """Add a link over the events since the last one; returns how many were sealed."""
    if not work.session.execute(_LOCK).scalar_one():
        return 0  # another worker is at it
    head = work.session.execute(_HEAD).one_or_none()
    after, digest = (head.last_event, head.hash) if head else (0, GENESIS)
    rows = work.session.execute(_NEW, {"after": after, "limit": limit}).all()
    if rows:
        values = {"last_event": rows[-1].id, "events": len(rows), "hash": link(digest, rows)}
        work.session.execute(_ADD, values)
    return len(rows)


def head(session: Session) -> str | None:
    """The hash of the newest link, which reports print; None before the first seal."""
    found = session.execute(_HEAD).one_or_none()
    return found.hash if found else None


def link(before: str, rows: "list[Row[Any]] | Any") -> str:
    """The hash over the link before and the events, in order of their ids."""
    digest = hashlib.sha256(before.encode())
    for row in rows:
        fields = [row.id, row.at.isoformat(), row.site_id, row.actor, row.action, row.subject, row.detail]
        digest.update(json.dumps(fields, sort_keys=True, ensure_ascii=False).encode() + b"\n")
    return digest.hexdigest()


def verify(session: Session) -> str | None:
    """None when the chain holds; otherwise a sentence that says where it breaks."""
    before, after = GENESIS, 0
    for found in session.execute(_LINKS).all():
        rows = session.execute(
            text(
                "SELECT id, at, site_id, actor, action, subject, detail FROM event "
                "WHERE id > :after AND id <= :last ORDER BY id"
            ),
            {"after": after, "last": found.last_event},
        ).all()
        if len(rows) != found.events or link(before, rows) != found.hash:
            return f"the audit chain breaks at seal {found.id}: events {after + 1} to {found.last_event} were changed"
        before, after = found.hash, found.last_event
    return None
