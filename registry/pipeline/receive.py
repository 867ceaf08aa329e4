"""Receive: from a file of many submissions to stored rows, before anybody judges them clinically.

The answer is given once the rows are committed, so a 202 means: they will be decided, whatever breaks afterwards.
"""

import hashlib
import itertools
from collections.abc import Callable
from uuid import UUID

import structlog
from sqlalchemy.exc import IntegrityError

from registry.errors import Conflict
from registry.formats.item import Incoming, Item
from registry.ids import new_id
from registry.pipeline.intake import USED_OTHERWISE
from registry.pipeline.sealed import store_sealed
from registry.pipeline.turns import hand_out
from registry.settings import Settings
from registry.store import arrivals, parcels, receipts
from registry.store.arrivals import New
from registry.store.database import OpenWork, Work
from registry.store.tables import Batch

STATEMENT = 1_000
"""Items stored in one statement."""

PORTION = 10_000
"""Items of a file stored in one transaction, where the file is read as it is stored."""


def receive_many(
    work: Work,
    settings: Settings,
    *,
    site_id: int,
    incoming: Incoming,
    digest: str,
    media_type: str,
    correlation_id: str,
    idempotency_key: str | None,
    name: str | None = None,
    sender: str | None = None,
) -> UUID:
    """Store the items of one body as a batch and ring for them in chunks.

    Each is judged by itself: one that can not be read is rejected with its findings and blocks no neighbour.
    """
    earlier = _earlier(receipts.batch_by_key(work.session, site_id, idempotency_key), digest)
    if earlier:
        return earlier
    batch_id = _open_batch(
        work,
        incoming,
        site_id=site_id,
        digest=digest,
        media_type=media_type,
        name=name,
        idempotency_key=idempotency_key,
        sender=sender,
    )
    add_items(
        work,
        settings,
        batch_id,
        site_id=site_id,
        incoming=incoming,
        correlation_id=correlation_id,
        sender=sender,
    )
    return batch_id


def receive_file(
    open_work: OpenWork,
    settings: Settings,
    *,
    site_id: int,
    incoming: Incoming,
    digest: str,
    media_type: str,
    correlation_id: str,
    name: str,
    sender: str | None = None,
) -> UUID:
    """Store a file of any length as a batch, a portion at a time, so that memory stays flat.

    After each portion the batch says how many items it has. Where a file breaks off midway, what was stored stays
    stored; sending the whole file again changes nothing twice.
    """
    with open_work() as work:
        batch_id = _open_batch(
            work, incoming, site_id=site_id, digest=digest, media_type=media_type, name=name, sender=sender
        )
    position = 0
    while True:
        with open_work() as work:
            count = add_items(
                work,
                settings,
                batch_id,
                site_id=site_id,
                incoming=incoming,
                correlation_id=correlation_id,
                sender=sender,
                position=position,
                most=PORTION,
            )
        position += count
        if count < PORTION:
            return batch_id


def _open_batch(
    work: Work,
    incoming: Incoming,
    *,
    site_id: int,
    digest: str,
    media_type: str,
    name: str | None,
    sender: str | None,
    idempotency_key: str | None = None,
) -> UUID:
    batch = Batch(
        id=new_id(),
        site_id=site_id,
        media_type=media_type,
        name=name,
        content_hash=digest,
        idempotency_key=idempotency_key,
        items=0,
        sender=sender,
        head=incoming.head,
    )
    work.session.add(batch)
    work.session.flush()  # the submissions refer to it
    return batch.id


def add_items(
    work: Work,
    settings: Settings,
    batch_id: UUID,
    *,
    site_id: int,
    incoming: Incoming,
    correlation_id: str,
    sender: str | None,
    position: int = 0,
    most: int | None = None,
) -> int:
    """Store the next items of a file in its batch, ``most`` of them or all; returns how many there were.

    ``position`` is that of the first. What is held in memory are the items of one statement and the ids to ring for.
    """
    items = itertools.islice(incoming.items, most)
    count = 0
    while found := list(itertools.islice(items, STATEMENT)):
        rows = [
            _row(item, correlation_id, sender, place, keep_source=incoming.head is not None)
            for place, item in enumerate(found, position + count)
        ]
        store_sealed(work, rows, site_id=site_id, batch_id=batch_id)
        parcels.add(work.session, site_id, [row.id for row in rows], size=settings.chunk_size)
        count += len(rows)
    hand_out(work, settings, site_id)
    arrivals.count_in(work.session, batch_id, count, [one.as_json() for one in incoming.notes])
    structlog.get_logger().info("batch_received", batch=str(batch_id), items=count)
    return count


def _row(item: Item, correlation_id: str, sender: str | None, position: int, *, keep_source: bool) -> New:
    return New(
        id=new_id(),
        payload=item.payload,
        hash=hashlib.sha256(item.payload).hexdigest(),
        correlation_id=correlation_id,
        sender=sender,
        pseudonym=item.names_case(),
        place=item.place,
        position=position,
        source=item.source if keep_source and item.envelope is not None else None,
        findings=[one.as_json() for one in item.problems],
    )


def _earlier(found: tuple[UUID, str] | None, digest: str) -> UUID | None:
    if found is None:
        return None
    if found[1] != digest:
        raise Conflict(USED_OTHERWISE)
    return found[0]


def repeatable(receive: Callable[[], UUID]) -> UUID:
    """Receive; when a call with the same idempotency key was committed meanwhile, give what that one stored."""
    try:
        return receive()
    except IntegrityError as error:
        if "idempotency_key" not in str(error.orig):
            raise
        return receive()
