"""Intake: single submissions are checked one by one, and stored one by one or several of a site together.

The answer is given once the row is committed, so a 202 means: it will be decided, whatever breaks afterwards.
"""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from registry.bus import Task
from registry.domain.findings import Finding
from registry.errors import Conflict, TooLarge
from registry.ids import new_id
from registry.pipeline.process import read
from registry.pipeline.sealed import store_sealed
from registry.settings import Settings
from registry.store import receipts
from registry.store.arrivals import New
from registry.store.database import Work

USED_OTHERWISE = "this Idempotency-Key was used with another body; use a new key for new content"


class Unreadable(Exception):
    """The submission can not be read; nothing was stored."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(f"{len(findings)} finding(s)")
        self.findings = findings


def checked(
    body: bytes,
    settings: Settings,
    *,
    correlation_id: str,
    idempotency_key: str | None,
    sender: str | None = None,
) -> New:
    """The row of a submission that can be read.

    Raises ``Unreadable`` with findings when it does not follow the dictionary, and ``TooLarge``.
    """
    if len(body) > settings.max_submission_bytes:
        raise TooLarge(
            f"a single submission may have {settings.max_submission_bytes} bytes; send several as POST /v1/batches"
        )
    submission, findings = read(body, settings)
    if submission is None:
        raise Unreadable(findings)
    return New(
        new_id(),
        body,
        hashlib.sha256(body).hexdigest(),
        correlation_id,
        idempotency_key=idempotency_key,
        sender=sender,
        pseudonym=submission.case,
    )


def store(work: Work, settings: Settings, site_id: int, rows: Sequence[New]) -> list[UUID | Conflict]:
    """Store submissions of a site and ring for them; gives the id of each.

    For one whose idempotency key was used before it is the id of the earlier one, or ``Conflict`` where that had other
    bytes.
    """
    made = store_sealed(work, rows, site_id=site_id, patience=settings.sweep_after_seconds)
    if made:
        work.ring(Task.PROCESS, [str(row.id) for row in rows if row.id in made])
    answers: list[UUID | Conflict] = []
    for row in rows:
        earlier = (
            None if row.id in made else receipts.submission_by_key(work.session, site_id, row.idempotency_key)
        )
        answers.append(
            row.id if earlier is None else earlier[0] if earlier[1] == row.hash else Conflict(USED_OTHERWISE)
        )
    return answers


def receive_one(
    work: Work,
    settings: Settings,
    *,
    site_id: int,
    body: bytes,
    correlation_id: str,
    idempotency_key: str | None,
) -> UUID:
    """Check and store one submission in a transaction of the caller's; raises as ``checked`` does, and ``Conflict``."""
    row = checked(body, settings, correlation_id=correlation_id, idempotency_key=idempotency_key)
    (answer,) = store(work, settings, site_id, [row])
    if isinstance(answer, Conflict):
        raise answer
    return answer
