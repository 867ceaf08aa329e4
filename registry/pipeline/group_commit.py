"""Group commit: single submissions that come at the same moment are stored in one transaction, each answered by itself.

The answer is given once the row is committed, so a 202 means: it will be decided, whatever breaks afterwards.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from registry.pipeline.intake import store
from registry.pipeline.receipt import receipts_of
from registry.settings import Settings
from registry.store.arrivals import New
from registry.store.database import OpenWork, Work, is_machinery

OpenSiteWork = Callable[[str | None], AbstractContextManager[Work]]
"""Opens a unit of work that shows the pass of a site."""

Answer = dict[str, Any] | Exception
"""The receipt of a submission, or why there is none."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A submission that came from a site: ``read`` gives its row, or raises why it can not be read."""

    site_id: int
    site_pass: str | None
    read: Callable[[], New]


def receive(open_work: OpenSiteWork, settings: Settings, sent: Sequence[Sent]) -> list[Answer]:
    """The answers to submissions, in their order: those of a site that can be read are stored in one transaction."""
    answers: dict[int, Answer] = {}
    sites: dict[tuple[int, str | None], dict[int, New]] = {}
    for place, one in enumerate(sent):
        try:
            row = one.read()
        except Exception as error:  # noqa: BLE001  (it is raised in the request that sent it)
            answers[place] = error
        else:
            sites.setdefault((one.site_id, one.site_pass), {})[place] = row
    for (site_id, site_pass), rows in sites.items():
        stored = _commit(partial(open_work, site_pass), settings, site_id, list(rows.values()))
        answers |= zip(rows, stored, strict=True)
    return [answers[place] for place in range(len(sent))]


def _commit(open_work: OpenWork, settings: Settings, site_id: int, rows: Sequence[New]) -> list[Answer]:
    """Store rows of one site; one that can not be stored takes no other with it."""
    try:
        with open_work() as work:
            answers = store(work, settings, site_id, rows)
            found = receipts_of(work, [one for one in answers if isinstance(one, UUID)], site_id)
    except Exception as error:  # noqa: BLE001  (it is raised in the request of each)
        if len(rows) == 1 or is_machinery(error):
            return [error] * len(rows)
        return [answer for row in rows for answer in _commit(open_work, settings, site_id, [row])]
    return [found[one] if isinstance(one, UUID) else one for one in answers]
