"""Receive: from bytes to a stored submission and its receipt, before anybody judges it clinically.

The answer is given once the row is committed, so a 202 means: it will be decided, whatever breaks afterwards.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy.exc import IntegrityError

from registry.bus import Task
from registry.domain.findings import Finding
from registry.errors import Conflict, TooLarge
from registry.ids import new_id
from registry.pipeline.process import read
from registry.settings import Settings
from registry.store import receipts, submissions
from registry.store.database import Work
from registry.store.tables import Batch


class Unreadable(Exception):
    """The submission can not be read; nothing was stored."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(f"{len(findings)} finding(s)")
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Received:
    """What was stored, and whether an earlier call with the same idempotency key had stored it already."""

    id: UUID
    repeated: bool = False


def receive_one(
    work: Work,
    settings: Settings,
    *,
    site_id: int,
    body: bytes,
    correlation_id: str,
    idempotency_key: str | None,
) -> Received:
    """Store one submission and ring for it.

    Raises ``Unreadable`` with findings when it does not follow the dictionary, ``TooLarge``, and ``Conflict`` when the
    idempotency key was used with other bytes.
    """
    if len(body) > settings.max_submission_bytes:
        raise TooLarge(
            f"a single submission may have {settings.max_submission_bytes} bytes; send several as POST /v1/batches"
        )
    digest = hashlib.sha256(body).hexdigest()
    earlier = _earlier(receipts.submission_by_key(work.session, site_id, idempotency_key), digest)
    if earlier:
        return Received(earlier, repeated=True)
    submission, findings = read(body, settings)
    if submission is None:
        raise Unreadable(findings)
    made = new_id()
    submissions.add(
        work.session,
        [(made, submission.case, body, digest)],
        site_id=site_id,
        correlation_id=correlation_id,
        idempotency_key=idempotency_key,
        patience=settings.sweep_after_seconds,
    )
    work.ring(Task.PROCESS, [str(made)])
    return Received(made)


def receive_many(
    work: Work,
    settings: Settings,
    *,
    site_id: int,
    bodies: Sequence[bytes],
    digest: str,
    media_type: str,
    correlation_id: str,
    idempotency_key: str | None,
    name: str | None = None,
) -> Received:
    """Store many submissions of one body as a batch and ring for them in chunks.

    Each is judged by itself: one that can not be read is rejected with its findings and blocks no neighbour.
    """
    earlier = _earlier(receipts.batch_by_key(work.session, site_id, idempotency_key), digest)
    if earlier:
        return Received(earlier, repeated=True)
    batch = Batch(
        id=new_id(),
        site_id=site_id,
        media_type=media_type,
        name=name,
        content_hash=digest,
        idempotency_key=idempotency_key,
        items=len(bodies),
    )
    work.session.add(batch)
    work.session.flush()  # the submissions refer to it
    rows = [(new_id(), None, body, hashlib.sha256(body).hexdigest()) for body in bodies]
    for start in range(0, len(rows), 1_000):
        submissions.add(
            work.session,
            rows[start : start + 1_000],
            site_id=site_id,
            batch_id=batch.id,
            first_position=start,
            correlation_id=correlation_id,
            patience=settings.sweep_after_seconds + len(rows) / 100,
        )
    for start in range(0, len(rows), settings.chunk_size):
        work.ring(Task.PROCESS_BULK, [str(row[0]) for row in rows[start : start + settings.chunk_size]])
    structlog.get_logger().info("batch_received", batch=str(batch.id), items=len(rows))
    return Received(batch.id)


def _earlier(found: tuple[UUID, str] | None, digest: str) -> UUID | None:
    if found is None:
        return None
    if found[1] != digest:
        raise Conflict("this Idempotency-Key was used with another body; use a new key for new content")
    return found[0]


def repeatable(receive: Callable[[], Received]) -> Received:
    """Receive; when a call with the same idempotency key was committed meanwhile, give what that one stored."""
    try:
        return receive()
    except IntegrityError as error:
        if "idempotency_key" not in str(error.orig):
            raise
        return receive()
