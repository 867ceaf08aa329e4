"""Seal: chain new audit events by hash, so that a changed, removed, reordered or inserted event shows.

Events get their ids before they commit, so the order of ids says nothing about what is still to come. A link therefore
covers the events of every transaction below the oldest one still running: that set is final, however long a
transaction takes.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from registry.store.database import Work

GENESIS = "0" * 64

_LOCK = text("SELECT pg_try_advisory_xact_lock(7205759403792794)")
_HEAD = text("SELECT below, hash FROM seal ORDER BY id DESC LIMIT 1")
_HEAD_AT = text("SELECT hash FROM seal WHERE sealed_at < :at ORDER BY id DESC LIMIT 1")
_SETTLED = text("SELECT (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint")
_EVENTS = text("""
    SELECT id, at, site_id, actor, action, subject, detail, transaction FROM event
    WHERE transaction >= :since AND transaction < :below ORDER BY transaction, id
""")
_ADD = text("INSERT INTO seal (below, events, hash) VALUES (:below, :events, :hash)")
_REPORTS = text("""
    SELECT r.number, f.content FROM report r JOIN report_file f ON f.report_id = r.id
    WHERE r.state <> 'built' AND f.name = 'report.json' ORDER BY r.number
""")
_PRINTED = re.compile(rb"Seal of the audit chain.{0,300}?\b([0-9a-f]{64})\b", re.DOTALL)
_LINKS = text("SELECT id, below, events, hash FROM seal ORDER BY id")


def seal(work: Work) -> int:
    """Add a link over the settled events since the last one; returns how many were sealed."""
    if not work.session.execute(_LOCK).scalar_one():
        return 0  # another worker is at it
    since, before = work.session.execute(_HEAD).one_or_none() or (0, GENESIS)
    below = work.session.execute(_SETTLED).scalar_one()
    count, digest = link(before, _events(work.session, since, below))
    if count:
        work.session.execute(_ADD, {"below": below, "events": count, "hash": digest})
    return count


def head(session: Session, at: datetime) -> str | None:
    """The hash of the newest link before a time, which reports print; None before the first seal."""
    found: str | None = session.execute(_HEAD_AT, {"at": at}).scalar_one_or_none()
    return found


def newest(session: Session) -> str | None:
    """The hash of the newest link."""
    found = session.execute(_HEAD).one_or_none()
    return found.hash if found else None


def printed_on(report: bytes) -> str | None:
    """The head that a report prints, in its JSON or on its page; None where it prints none."""
    found = _PRINTED.search(report)
    return found[1].decode() if found else None


def verify(session: Session, elsewhere: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """What is wrong with the chain, in sentences; empty when it holds.

    Whoever owns the database could cut off the end of the chain, or write all of it anew. The heads that final reports
    print, and those that people kept ``elsewhere`` (by what they call them), are outside of it and must be in it.
    """
    before, since = GENESIS, 0
    links = set()
    for found in session.execute(_LINKS).all():
        count, digest = link(before, _events(session, since, found.below))
        if (count, digest) != (found.events, found.hash):
            where = f"the audit chain breaks at seal {found.id}: of its {found.events} events some were changed, removed, "
            return [f"{where}reordered or inserted ({count} are there)"]
        before, since = found.hash, found.below
        links.add(found.hash)
    printed = {f"report {row.number}": printed_on(row.content) for row in session.execute(_REPORTS)}
    return [
        f"the head {one[:12]} on {name} is not in the chain: its end was cut off, or all of it was made anew"
        for name, one in {**printed, **elsewhere}.items()
        if one is not None and one not in links
    ]


def link(before: str, events: Iterable[Row[Any]]) -> tuple[int, str]:
    """How many events there are, and the hash over them and the link before."""
    digest, count = hashlib.sha256(before.encode()), 0
    for one in events:
        fields = [one.id, one.at.isoformat(), one.site_id, one.actor, one.action, one.subject, one.detail]
        digest.update(
            json.dumps([*fields, one.transaction], sort_keys=True, ensure_ascii=False).encode() + b"\n"
        )
        count += 1
    return count, digest.hexdigest()


def _events(session: Session, since: int, below: int) -> Iterable[Row[Any]]:
    """Events of the transactions from one up to, not including, another; fetched a few thousand at a time."""
    return session.execute(_EVENTS.execution_options(yield_per=5_000), {"since": since, "below": below})
