"""Receipts: what a hospital reads about what it sent. The same for the API and the command line."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from registry.domain.lifecycle import MEANING, State
from registry.errors import NotFound
from registry.ids import registry_id
from registry.store import receipts
from registry.store.database import Work

PAGE = 1_000


def receipt(work: Work, submission_id: UUID, site_id: int | None) -> dict[str, Any]:
    """State, findings and derived values of one submission; ``site_id`` None sees every site's."""
    row = receipts.submission(work.session, submission_id, site_id)
    if row is None:
        raise NotFound("there is no submission with this id")
    state: State = row.state
    return {
        "id": str(row.id),
        "site": row.site_code,
        "case": row.pseudonym,
        "registry_id": registry_id(row.site_code, row.case_id)
        if row.case_id and state == "accepted"
        else None,
        "state": state,
        "meaning": MEANING[state],
        "received_at": _iso(row.received_at),
        "decided_at": _iso(row.decided_at),
        "batch": str(row.batch_id) if row.batch_id else None,
        "position": row.position,
        "content_hash": row.content_hash,
        "correlation_id": row.correlation_id,
        "attempts": row.attempts,
        "error": row.error,
        "effect": row.effect,
        "findings": row.findings or [],
        "derived": row.derived or [],
        "reports": [
            {"id": str(r.id), "number": r.number, "cutoff": r.cutoff.isoformat()}
            for r in (receipts.reports_with(work.session, row.decided_at) if state == "accepted" else [])
        ],
    }


def listing(
    work: Work,
    *,
    site_id: int | None,
    state: str | None,
    since: datetime | None,
    after: UUID | None,
    limit: int,
) -> dict[str, Any]:
    """A page of submissions in order of arrival, and the cursor of the next."""
    rows = receipts.submissions(
        work.session, site_id=site_id, state=state, since=since, after=after, limit=limit + 1
    )
    page = rows[:limit]
    return {
        "submissions": [
            {
                "id": str(row.id),
                "site": row.site_code,
                "case": row.pseudonym,
                "state": row.state,
                "received_at": _iso(row.received_at),
                "decided_at": _iso(row.decided_at),
                "batch": str(row.batch_id) if row.batch_id else None,
                "findings": row.findings,
                "error": row.error,
            }
            for row in page
        ],
        "next": str(page[-1].id) if len(rows) > limit else None,
    }


def batch_receipt(work: Work, batch_id: UUID, site_id: int | None, *, after: int = -1) -> dict[str, Any]:
    """Counts per state and the items that have something to say, from position ``after`` on."""
    row = receipts.batch(work.session, batch_id, site_id)
    if row is None:
        raise NotFound("there is no batch with this id")
    items = receipts.batch_rows(work.session, batch_id, after=after, limit=PAGE)
    return {
        "id": str(row.id),
        "name": row.name,
        "media_type": row.media_type,
        "received_at": _iso(row.received_at),
        "received": row.items,
        "accepted": row.accepted,
        "rejected": row.rejected,
        "failed": row.failed,
        "waiting": row.waiting,
        "items": [_item(one) for one in items],
        "next": items[-1].position if len(items) == PAGE else None,
    }


def _item(row: Row[Any]) -> dict[str, Any]:
    return {
        "position": row.position,
        "id": str(row.id),
        "case": row.pseudonym,
        "state": row.state,
        "findings": row.findings or [],
        "error": row.error,
    }


def _iso(when: datetime | None) -> str | None:
    return when.isoformat().replace("+00:00", "Z") if when else None
