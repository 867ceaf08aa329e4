"""Group commit: single submissions that come at the same moment are stored in one transaction, each answered by itself.

The answer is given once the row is committed, so a 202 means: it will be decided, whatever breaks afterwards.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from registry.pipeline.intake import store
from registry.pipeline.receipt import receipts_of
from registry.settings import Settings
from registry.store.arrivals import New
from registry.store.database import Work, is_machinery

OpenSiteWork = Callable[[str | None], AbstractContextManager[Work]]
"""Opens a unit of work that shows the pass of a site."""


@dataclass(slots=True)
class _Waiting:
    """A row that waits for its commit, then its receipt or the error of its transaction.

    turn  held until there is an answer, or until it falls to this one to store the rows of all that wait
    """

    site_id: int
    row: New
    answer: dict[str, Any] | Exception | None = None
    turn: threading.Lock = field(default_factory=threading.Lock)


class Intake:
    """Group commit: while one transaction is under way, the rows of other requests gather for the next.

    One of the requests that wait stores the rows of all of its site that wait with it, and then wakes the first of the
    next group. A lone request waits for nobody, and each is woken once.
    """

    def __init__(self, open_work: OpenSiteWork, settings: Settings) -> None:
        self._open_work, self._settings = open_work, settings
        self._gathered: dict[int, list[_Waiting]] = {}
        self._gathering = threading.Lock()
        self._committing = False

    def receive(self, site_id: int, site_pass: str | None, row: New) -> dict[str, Any]:
        """The receipt of a submission, once it is committed."""
        mine = _Waiting(site_id, row)
        mine.turn.acquire()
        with self._gathering:
            self._gathered.setdefault(site_id, []).append(mine)
            lead, self._committing = not self._committing, True
        if not lead:
            mine.turn.acquire()
        if mine.answer is None:
            self._lead(mine, site_pass)
        if isinstance(mine.answer, Exception):
            raise mine.answer
        assert mine.answer is not None
        return mine.answer

    def _lead(self, mine: _Waiting, site_pass: str | None) -> None:
        """Store the group of this one, wake the others of it, and let the first of another group lead the next."""
        with self._gathering:
            group = self._gathered.pop(mine.site_id)
        try:
            self._commit(mine.site_id, site_pass, group)
        finally:
            with self._gathering:
                self._committing = bool(self._gathered)
                following = next(iter(self._gathered.values()))[:1] if self._gathered else []
            for one in (*group, *following):
                if one is not mine:
                    one.turn.release()

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
