"""Rows of webhooks: where a site wants to be told, and what was or is to be told."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel import Session, col, select

from registry.store.tables import Site, Webhook

TELLS = {
    "submission.accepted": "submission.accepted",
    "submission.rejected": "submission.rejected",
    "query.opened": "query.opened",
    "query.open": "query.reopened",
    "query.reopen": "query.reopened",
    "query.closed": "query.closed",
    "query.close": "query.closed",
}
"""Actions of the audit trail that a hospital is told of, and the type under which it is told."""

SETTLED = "15 minutes"
"""Longer than any transaction that adds such an event. Events get their ids before they commit, so a younger event may
still have a sibling with a smaller id in flight; the cursor moves only behind what is older."""

KEPT = "30 days"

_LOCK = text("""
    SELECT w.id, w.site_id, w.cursor FROM webhook w JOIN site ON site.id = w.site_id
    WHERE w.stopped_at IS NULL AND site.active ORDER BY w.id FOR UPDATE OF w SKIP LOCKED
""")

_ENQUEUE = text("""
    INSERT INTO webhook_delivery (id, webhook_id, event_id)
    SELECT gen_random_uuid(), :webhook, e.id FROM event e
    WHERE e.id > :cursor AND e.site_id = :site AND e.action = ANY(:actions)
      AND NOT EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.webhook_id = :webhook AND d.event_id = e.id)
    ORDER BY e.id LIMIT :limit
""")

_ADVANCE = text(f"""
    UPDATE webhook SET cursor = coalesce(
        (SELECT max(id) FROM event WHERE id > :cursor AND at < now() - interval '{SETTLED}'), cursor)
    WHERE id = :webhook
""")

_CLAIM = text("""
    UPDATE webhook_delivery d SET next_at = now() + make_interval(secs => :lease)
    FROM event e
    WHERE e.id = d.event_id AND d.id IN (
        SELECT id FROM webhook_delivery
        WHERE webhook_id = :webhook AND state = 'waiting' AND next_at <= now()
        ORDER BY event_id LIMIT :limit FOR UPDATE SKIP LOCKED)
    RETURNING d.id, d.event_id, d.attempts, e.action, e.subject, e.at
""")

_RECORD = text("""
    UPDATE webhook_delivery
    SET state = CAST(:state AS text), attempts = attempts + 1, outcome = :outcome,
        next_at = now() + make_interval(secs => :delay), delivered_at = CASE WHEN CAST(:state AS text) = 'delivered' THEN now() END
    WHERE id = :id
""")

_RELEASE = text("UPDATE webhook_delivery SET next_at = now() WHERE id = ANY(:ids)")

_REPLAY = text("""
    UPDATE webhook_delivery SET state = 'waiting', attempts = 0, next_at = now(), outcome = NULL, delivered_at = NULL
    WHERE webhook_id = :webhook AND event_id > :after AND state <> 'waiting'
""")

_PRUNE = text(f"""
    DELETE FROM webhook_delivery WHERE state <> 'waiting' AND next_at < now() - interval '{KEPT}'
      AND event_id <= (SELECT cursor FROM webhook w WHERE w.id = webhook_id)
""")

_LAST = text("SELECT coalesce(max(id), 0) FROM event")

_LIST = text("""
    SELECT site.code AS site, w.url, w.created_at, w.stopped_at, w.stop_reason,
           count(d.id) FILTER (WHERE d.state = 'waiting') AS waiting,
           count(d.id) FILTER (WHERE d.state = 'delivered') AS delivered,
           count(d.id) FILTER (WHERE d.state = 'failed') AS failed,
           max(d.delivered_at) AS last_delivered,
           (array_agg(d.outcome ORDER BY d.event_id DESC) FILTER (WHERE d.outcome IS NOT NULL))[1] AS last_outcome
    FROM webhook w JOIN site ON site.id = w.site_id LEFT JOIN webhook_delivery d ON d.webhook_id = w.id
    WHERE CAST(:site AS int) IS NULL OR w.site_id = :site
    GROUP BY site.code, w.id ORDER BY site.code
""")

_AFTER = text("""
    SELECT id, action, subject, at FROM event
    WHERE site_id = :site AND id > :after AND action = ANY(:actions) ORDER BY id LIMIT :limit
""")


def of_site(session: Session, site_id: int) -> Webhook | None:
    """The webhook of a site."""
    return session.exec(select(Webhook).where(col(Webhook.site_id) == site_id)).one_or_none()


def active(session: Session) -> list[tuple[Webhook, Site]]:
    """Webhooks that are to be told, with their sites."""
    wanted = (
        select(Webhook, Site)
        .join(Site, col(Site.id) == col(Webhook.site_id))
        .where(col(Webhook.stopped_at).is_(None), col(Site.active))
        .order_by(col(Webhook.id))
    )
    return list(session.exec(wanted).all())


def enqueue(session: Session, limit: int) -> int:
    """Make a delivery of every new event a site is to be told of; returns how many."""
    made = 0
    for row in session.execute(_LOCK).all():
        facts = {"webhook": row.id, "site": row.site_id, "cursor": row.cursor}
        added = session.execute(_ENQUEUE, facts | {"actions": list(TELLS), "limit": limit}).rowcount  # type: ignore[attr-defined]
        made += added
        if added < limit:
            session.execute(_ADVANCE, {"webhook": row.id, "cursor": row.cursor})
    return made


def claim(session: Session, webhook_id: int, *, limit: int, lease: float) -> list[Row[Any]]:
    """Deliveries that are due, in order of their events; nobody else takes them for ``lease`` seconds."""
    values = {"webhook": webhook_id, "limit": limit, "lease": lease}
    return sorted(session.execute(_CLAIM, values).all(), key=lambda row: int(row.event_id))


def record(session: Session, delivery: UUID, *, state: str, outcome: str, delay: float) -> None:
    """Note the outcome of a try."""
    session.execute(_RECORD, {"id": delivery, "state": state, "outcome": outcome, "delay": delay})


def release(session: Session, deliveries: Sequence[UUID]) -> None:
    """Give back what was claimed and not tried."""
    if deliveries:
        session.execute(_RELEASE, {"ids": list(deliveries)})


def replay(session: Session, webhook_id: int, after: int) -> None:
    """Let everything after an event be told again, under the same message ids."""
    session.execute(_REPLAY, {"webhook": webhook_id, "after": after})


def prune(session: Session) -> None:
    """Forget old deliveries that came to an end."""
    session.execute(_PRUNE)


def last_event(session: Session) -> int:
    """Id of the newest event."""
    found: int = session.execute(_LAST).scalar_one()
    return found


def listing(session: Session, site_id: int | None) -> list[dict[str, Any]]:
    """Webhooks with what became of their deliveries; never a secret."""
    return [dict(row._mapping) for row in session.execute(_LIST, {"site": site_id})]


def events_after(session: Session, site_id: int, after: int, limit: int) -> Sequence[Row[Any]]:
    """Events of a site that it may be told of, after one."""
    values = {"site": site_id, "after": after, "actions": list(TELLS), "limit": limit}
    return session.execute(_AFTER, values).all()
