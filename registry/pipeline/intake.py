"""Intake: single submissions are checked one by one and stored together with those that come at the same moment.

The answer is given once the row is committed, so a 202 means: it will be decided, whatever breaks afterwards.
"""

import hashlib
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from registry.bus import Task
from registry.domain.findings import Finding
from registry.errors import Conflict, TooLarge
from registry.ids import new_id
from registry.pipeline.process import read
from registry.pipeline.receipt import receipts_of
from registry.settings import Settings
from registry.store import receipts, submissions
from registry.store.database import Work, is_machinery
from registry.store.submissions import New

OpenSiteWork = Callable[[str | None], AbstractContextManager[Work]]
"""Opens a unit of work that shows the pass of a site."""

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
    made = submissions.add_once(work.session, rows, site_id=site_id, patience=settings.sweep_after_seconds)
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


@dataclass(slots=True)
class _Waiting:
    """A row that waits for its commit, then its receipt or the error of its transaction."""

    row: New
    answer: dict[str, Any] | Exception | None = None


class Intake:
    """Group commit: while one transaction is under way, the rows of other requests gather for the next.

    One of the requests that wait stores the rows of all that wait with it. A lone request waits for nobody.
    """

    def __init__(self, open_work: OpenSiteWork, settings: Settings) -> None:
        self._open_work, self._settings = open_work, settings
        self._gathered: dict[int, list[_Waiting]] = {}
        self._gathering = threading.Lock()
        self._committing = threading.Lock()

    def receive(self, site_id: int, site_pass: str | None, row: New) -> dict[str, Any]:
        """The receipt of a submission, once it is committed."""
        mine = _Waiting(row)
        with self._gathering:
            self._gathered.setdefault(site_id, []).append(mine)
        with self._committing:
            if mine.answer is None:  # nobody took it along
                with self._gathering:
                    group = self._gathered.pop(site_id)
                self._commit(site_id, site_pass, group)
        if isinstance(mine.answer, Exception):
            raise mine.answer
        assert mine.answer is not None
        return mine.answer

    def _commit(self, site_id: int, site_pass: str | None, group: list[_Waiting]) -> None:
        try:
            with self._open_work(site_pass) as work:
                answers = store(work, self._settings, site_id, [one.row for one in group])
                found = receipts_of(work, [one for one in answers if isinstance(one, UUID)], site_id)
        except Exception as error:  # noqa: BLE001  (it is raised in the request of each)
            if len(group) == 1 or is_machinery(error):
                for one in group:
                    one.answer = error
            else:
                for one in group:
                    self._commit(site_id, site_pass, [one])
            return
        for one, answer in zip(group, answers, strict=True):
            one.answer = found[answer] if isinstance(answer, UUID) else answer
