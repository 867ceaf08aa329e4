"""Webhooks: a site's own system learns of verdicts and queries without asking.

The audit trail is the source: each event of a site that it may be told of becomes a delivery, once. A message holds ids
only (what happened to what), never a clinical value; the site reads the receipt or the query with its key. A delivery that
fails is tried again with growing pauses, kept as rows; 410 stops the webhook. The same message has the same id however
often it is sent, and everything after a cursor can be sent again.
"""

import secrets
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import structlog
from sqlalchemy import Row

from registry.errors import NotFound
from registry.pipeline.outward import Answer, check_url, line, post
from registry.pipeline.sites import the_site
from registry.settings import Settings
from registry.store import events, webhooks
from registry.store.database import OpenWork, Work
from registry.store.tables import Webhook
from registry.store.webhooks import TELLS

log = structlog.get_logger()

PAUSES = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds before the second and each further try, as Standard Webhooks recommends; after the last it has failed."""

AT_ONCE = 100
"""Deliveries of one site in one run."""

LEASE = 600.0
"""Seconds for which a claimed delivery is left alone: longer than a worker's task may take."""

BUDGET = 120.0
"""Seconds after which a run begins no further try: a task has its limit, and others wait for the worker."""

ROTATION = timedelta(hours=24)
"""How long the secret before still signs beside the new one."""

GONE = 410


def register(work: Work, settings: Settings, code: str, url: str, *, actor: str) -> str:
    """Send a site's messages to an address from now on; returns the secret, which is never shown again.

    Registering anew makes a new secret and starts a stopped webhook; for the same address the old secret signs beside it
    for a day. Raises ``WrongUsage`` for an address that may not be called.
    """
    check_url(url, settings.webhook_private_hosts)
    site = the_site(work, code)
    assert site.id is not None
    secret = secrets.token_bytes(32)
    known = webhooks.of_site(work.session, site.id)
    change = {"before": _told(known.url) if known else None, "after": _told(url)}
    if known is None:
        known = Webhook(site_id=site.id, url=url, secret=secret, cursor=webhooks.last_event(work.session))
    else:
        same = known.url == url
        known.secret_before, known.rotated_at = (known.secret, work.now()) if same else (None, None)
        known.url, known.secret = url, secret
        known.stopped_at = known.stop_reason = None
    work.session.add(known)
    happened = events.happened("webhook.registered", code, actor=actor, site_id=site.id, **change)
    events.add(work.session, [happened])
    return f"whsec_{b64encode(secret).decode()}"


def _told(url: str) -> str:
    """An address as the audit trail keeps it: what follows a question mark may be a secret."""
    return url.partition("?")[0]


def stop(work: Work, code: str, *, actor: str) -> None:
    """Send a site no more messages; what happens meanwhile is sent when it is registered again."""
    known = _the_webhook(work, code)
    known.stopped_at, known.stop_reason = work.now(), "stopped by an operator"
    work.session.add(known)
    events.add(work.session, [events.happened("webhook.stopped", code, actor=actor, site_id=known.site_id)])


def replay(work: Work, code: str, after: int, *, actor: str) -> None:
    """Send everything after a cursor again, under the same message ids."""
    known = _the_webhook(work, code)
    assert known.id is not None
    known.cursor = min(known.cursor, after)
    work.session.add(known)
    webhooks.replay(work.session, known.id, after)
    happened = events.happened("webhook.replayed", code, actor=actor, site_id=known.site_id, after=after)
    events.add(work.session, [happened])


def _the_webhook(work: Work, code: str) -> Webhook:
    site = the_site(work, code)
    known = webhooks.of_site(work.session, site.id) if site.id else None
    if known is None:
        raise NotFound(f"{code} has no webhook; `mps site webhook {code} URL` registers one")
    return known


def messages_after(work: Work, site_id: int, after: int, limit: int) -> dict[str, Any]:
    """The messages of a site after a cursor, as they are sent, and the cursor of the following ones."""
    rows = webhooks.events_after(work.session, site_id, after, limit)
    return {"events": [message(row) for row in rows], "cursor": rows[-1].id if rows else after}


def message(row: Row[Any]) -> dict[str, Any]:
    """What a site is told of an event: ids only."""
    what = row.action.partition(".")[0]
    cursor = getattr(row, "event_id", None) or row.id
    return {
        "type": TELLS[row.action],
        "timestamp": row.at.isoformat().replace("+00:00", "Z"),
        "data": {"cursor": cursor, what: row.subject},
    }


def deliver_due(open_work: OpenWork, settings: Settings) -> int:
    """Tell the sites what they are due to be told; returns how many messages arrived.

    A site whose system does not answer is left alone until the next run, so it keeps no other site waiting.
    """
    with open_work() as work:
        webhooks.enqueue(work.session, AT_ONCE * 10)
        webhooks.prune(work.session)
    with open_work() as work:
        known = [(webhook, site.code) for webhook, site in webhooks.active(work.session)]
    end = time.monotonic() + BUDGET
    return sum(_deliver(open_work, settings, webhook, code, end) for webhook, code in known)


def _deliver(open_work: OpenWork, settings: Settings, webhook: Webhook, code: str, end: float) -> int:
    assert webhook.id is not None
    with open_work() as work:
        due = webhooks.claim(work.session, webhook.id, limit=AT_ONCE, lease=LEASE)
    if not due:
        return 0
    tried = arrived = 0
    with line(settings.webhook_timeout_seconds) as opened:
        for row in due:
            if time.monotonic() > end:
                break
            tried += 1
            answer = post(
                opened,
                webhook.url,
                orjson.dumps(message(row)),
                message=str(row.id),
                secrets=_signing(webhook),
                at=datetime.now(UTC),
                private_hosts=settings.webhook_private_hosts,
            )
            with open_work() as work:
                if not _recorded(work, webhook, code, row, answer):
                    break
            arrived += 1
    with open_work() as work:
        webhooks.release(work.session, [row.id for row in due[tried:]])
    return arrived


def _recorded(work: Work, webhook: Webhook, code: str, row: Row[Any], answer: Answer) -> bool:
    """Note the outcome of a try; True when the message has arrived."""
    if 200 <= answer.status < 300:
        webhooks.record(work.session, row.id, state="delivered", outcome=answer.words, delay=0)
        return True
    last = row.attempts >= len(PAUSES)
    webhooks.record(
        work.session,
        row.id,
        state="failed" if last else "waiting",
        outcome=answer.words,
        delay=0 if last else PAUSES[row.attempts],
    )
    if answer.status == GONE:
        _stop_gone(work, webhook, code)
    log.warning("webhook_not_delivered", site=code, outcome=answer.words, tries=row.attempts + 1)
    return False


def _stop_gone(work: Work, webhook: Webhook, code: str) -> None:
    """The other side said that it wants no more."""
    stored = work.session.get(Webhook, webhook.id)
    if stored is not None:
        stored.stopped_at, stored.stop_reason = work.now(), "answered 410 Gone"
        work.session.add(stored)
        happened = events.happened("webhook.stopped", code, actor="registry", site_id=webhook.site_id)
        events.add(work.session, [happened])


def _signing(webhook: Webhook) -> list[bytes]:
    """The secret, and for a day the one before."""
    before = webhook.secret_before
    fresh = webhook.rotated_at is not None and datetime.now(UTC) - webhook.rotated_at < ROTATION
    return [webhook.secret, before] if before is not None and fresh else [webhook.secret]
