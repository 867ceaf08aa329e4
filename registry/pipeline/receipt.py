"""Receipts: what a hospital reads about what it sent. The same for the API and the command line."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from registry.domain.lifecycle import MEANING, State
from registry.errors import Conflict, NotFound
from registry.formats.csv.errors import with_errors
from registry.ids import registry_id
from registry.pipeline.sealed import source_of
from registry.store import events, receipts
from registry.store.database import OpenWork, Work

PAGE = 1_000


def receipt(
    work: Work, submission_id: UUID, site_id: int | None, *, reader: str | None = None
) -> dict[str, Any]:
    """State, findings and derived values of one submission; ``site_id`` None sees every site's.

    That a person read it is audited, by the name of the ``reader``; a hospital's system asks again and again for its own.
    """
    rows = receipts.some(work.session, [submission_id], site_id)
    if not rows:
        raise NotFound("there is no submission with this id")
    if reader is not None:
        happened = events.happened(
            "submission.read", str(submission_id), actor=reader, site_id=rows[0].site_id
        )
        events.add(work.session, [happened])
    return _receipt(work, rows[0])


def receipts_of(work: Work, ids: Sequence[UUID], site_id: int | None) -> dict[UUID, dict[str, Any]]:
    """The receipts of those of the submissions that the site has."""
    return {row.id: _receipt(work, row) for row in receipts.some(work.session, ids, site_id)}


def _receipt(work: Work, row: Row[Any]) -> dict[str, Any]:
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
        "place": row.place,
        "content_hash": row.content_hash,
        "correlation_id": row.correlation_id,
        "attempts": row.attempts,
        "error": row.error,
        "effect": row.effect,
        "findings": row.findings or [],
        "derived": row.derived or [],
        "withdrawn": withdrawn(row),
        "reports": [
            {"id": str(r.id), "number": r.number, "cutoff": r.cutoff.isoformat()}
            for r in (receipts.reports_with(work.session, row.decided_at) if state == "accepted" else [])
        ],
    }


def withdrawn(row: Row[Any]) -> dict[str, Any] | None:
    """The withdrawal of use that the registry knows of the case: its level and first day (null: at once)."""
    if row.use_ends is None:
        return None
    return {"level": row.use_ends_by, "from": None if row.use_ends == date.min else row.use_ends.isoformat()}


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
        "notes": row.notes or [],
        "items": [_item(one) for one in items],
        "next": items[-1].position if len(items) == PAGE else None,
    }


def table_with_errors(
    open_work: OpenWork, batch_id: UUID, site_id: int | None, *, actor: str
) -> Iterator[str]:
    """The table of a batch as it came, in pieces, with a column that says what is wrong in each row.

    That it was read is audited.

    Raises at once ``NotFound`` for a batch that is not there, and ``Conflict`` for one that was no table.
    """
    with open_work() as work:
        row = receipts.batch(work.session, batch_id, site_id)
    if row is None:
        raise NotFound("there is no batch with this id")
    if row.head is None:
        raise Conflict("this batch was no table; its findings are in its receipt")
    with open_work() as work:
        happened = events.happened("batch.read", str(batch_id), actor=actor, site_id=row.site_id)
        events.add(work.session, [happened])
    return with_errors(row.head, _table_rows(open_work, batch_id))


def _table_rows(open_work: OpenWork, batch_id: UUID) -> Iterator[tuple[bytes, list[dict[str, Any]]]]:
    after = -1
    while True:
        with open_work() as work:
            rows = receipts.table_rows(work.session, batch_id, after=after, limit=PAGE)
            work.keys.load(row.source or row.payload for row in rows)
            sources = [source_of(work.keys, row) for row in rows]
        if not rows:
            return
        for row, source in zip(rows, sources, strict=True):
            yield source or b"", [*(row.findings or []), *_STANDING.get(row.state, [])]
        after = rows[-1].position


_STANDING: dict[str, list[dict[str, Any]]] = {
    state: [{"severity": "reject", "rule": state, "pointer": "", "message": message}]
    for state, message in {
        "received": "not decided yet; ask again",
        "failed": "not decided for a reason that is not in the data; an operator looks after it",
    }.items()
}
"""What to write beside a row that has no verdict."""


def _item(row: Row[Any]) -> dict[str, Any]:
    return {
        "position": row.position,
        "place": row.place,
        "id": str(row.id),
        "case": row.pseudonym,
        "state": row.state,
        "findings": row.findings or [],
        "error": row.error,
    }


def _iso(when: datetime | None) -> str | None:
    return when.isoformat().replace("+00:00", "Z") if when else None
