"""Turns: a site has only a few chunks at the workers at a time, so that one that sends a hundred thousand submissions
does not keep the others waiting.

An upload notes its chunks as parcels and hands out the first few; each chunk that is finished hands out the next of its
site. So the chunks of the sites take turns in the queue, and the queue stays short. A message that is lost costs a turn
until the sweeper gives the parcel up.
"""

from collections.abc import Sequence
from uuid import UUID

from registry.bus import Task
from registry.settings import Settings
from registry.store import parcels
from registry.store.database import OpenWork, Work
from registry.store.durability import need_not_be_durable


def hand_out(work: Work, settings: Settings, site_id: int) -> None:
    """Ring for the next chunks of a site, if fewer than its share are at the workers."""
    parcels.lock(work.session, site_id)
    for ids in parcels.hand_out(work.session, site_id, settings.site_window):
        work.ring(Task.PROCESS_BULK, [str(one) for one in ids])


def finish(open_work: OpenWork, settings: Settings, ids: Sequence[UUID]) -> None:
    """After a chunk: its parcel is done with, and the site's next one is rung."""
    with open_work() as work:
        need_not_be_durable(work.session)  # lost in a crash, the sweeper makes it good
        site_id = parcels.site_of(work.session, ids[0])
        if site_id is not None:
            parcels.lock(work.session, site_id)
            parcels.remove(work.session, ids[0])
            hand_out(work, settings, site_id)


def sweep_parcels(work: Work, settings: Settings, *, age: float) -> None:
    """Give up the parcels whose message or worker is lost for ``age`` seconds, and hand out what may go instead."""
    for site_id in parcels.sites(work.session):  # in one order: two sweepers wait for one another
        parcels.lock(work.session, site_id)
        parcels.release(work.session, site_id, age=age)
        hand_out(work, settings, site_id)
