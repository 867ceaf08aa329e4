"""The chunks of sites take turns, a single submission overtakes them, and no parcel is ever lost."""

from collections import Counter

import pytest

from registry.formats.item import Incoming, Item
from registry.ids import new_id
from registry.pipeline.chunk import run_chunk
from registry.pipeline.receive import receive_many
from registry.pipeline.sites import add_site
from registry.pipeline.sweep import sweep
from registry.pipeline.turns import finish
from registry.wiring import Registry
from tests.factories import many, ndjson

SIZE, WINDOW = 2, 3


@pytest.fixture
def few(registry):
    """The registry with small chunks and a narrow window; ``rings`` are what it rang for."""
    settings = registry.settings.model_copy(update={"chunk_size": SIZE, "site_window": WINDOW})
    return Watched(settings, registry.servers, registry.engine)


class Watched(Registry):
    """A registry whose rings are kept in a list."""

    rings: list = []  # noqa: RUF012  (emptied for each test)

    def work(self):
        work = super().work()
        work.publish = lambda task, args: self.rings.append(args[0]) or True
        return work


@pytest.fixture
def upload(few):
    """Upload so many submissions for a new site of this name."""
    Watched.rings.clear()

    def store(code, count):
        with few.work() as work:
            site = add_site(work, code, "Hospital", country="JP", timezone="Asia/Tokyo", actor="test").id
        items = (Item(f"line {n}", line) for n, line in enumerate(ndjson(many(count)).split(b"\n")))
        with few.work() as work:
            receive_many(
                work,
                few.settings,
                site_id=site,
                incoming=Incoming(items),
                digest="0" * 64,
                media_type="application/x-ndjson",
                correlation_id=new_id().hex,
                idempotency_key=None,
            )
        return site

    return store


def work_off(few):
    """Run what is rung, first come first served, as one worker; gives the ids in the order they were run."""
    done = []
    while few.rings:
        ids = few.rings.pop(0)
        run_chunk(few.work, few.settings, ids)
        finish(few.work, few.settings, ids)
        done.append(ids)
    return done


def test_only_a_few_chunks_of_a_site_are_at_the_workers(few, upload, rows):
    upload("BIG", 20)
    assert [len(ids) for ids in few.rings] == [SIZE] * WINDOW
    work_off(few)
    assert {row.state for row in rows("SELECT state FROM submission")} == {"accepted"}
    assert rows("SELECT 1 FROM parcel") == []


def test_a_small_upload_does_not_wait_for_a_big_one(few, upload, rows):
    upload("BIG", 60)
    small = upload("SMALL", 6)
    site_of = {str(row.id): row.site_id for row in rows("SELECT id, site_id FROM submission")}
    sites = [site_of[ids[0]] for ids in work_off(few)]
    last = max(at for at, site in enumerate(sites) if site == small)
    assert last < 2 * WINDOW, sites  # the window of the big one, then turn by turn
    assert Counter(sites)[small] == 3


def test_a_message_that_is_lost_costs_a_turn_and_no_submission(few, upload, rows):
    upload("BIG", 20)
    few.rings.clear()  # the queue was emptied
    rows("UPDATE parcel SET rung_at = rung_at - interval '1 hour' RETURNING 1")
    with few.work() as work:
        assert sweep(work, few.settings) == WINDOW * SIZE
    assert len(few.rings) == 2 * WINDOW  # what was lost, and the next
    work_off(few)
    assert {row.state for row in rows("SELECT state FROM submission")} == {"accepted"}
    assert rows("SELECT 1 FROM parcel") == []


def test_a_worker_that_dies_between_its_chunk_and_the_next_ring_costs_a_turn(few, upload, rows):
    upload("BIG", 20)
    for ids in few.rings:
        run_chunk(few.work, few.settings, ids)  # and is killed before it can finish
    few.rings.clear()
    rows("UPDATE parcel SET rung_at = rung_at - interval '1 hour' RETURNING 1")
    with few.work() as work:
        sweep(work, few.settings)
    work_off(few)
    assert {row.state for row in rows("SELECT state FROM submission")} == {"accepted"}


def test_a_parcel_of_which_another_worker_holds_a_row_is_kept(few, upload, rows, registry):
    upload("BIG", 2)
    (ids,) = few.rings
    with registry.engine.connect() as other:
        other.exec_driver_sql("SELECT 1 FROM submission WHERE id = %s FOR UPDATE", (ids[1],))
        run_chunk(few.work, few.settings, ids)
        finish(few.work, few.settings, ids)
        other.rollback()
    assert len(rows("SELECT 1 FROM parcel")) == 1
    assert run_chunk(few.work, few.settings, ids) == 1
    finish(few.work, few.settings, ids)
    assert rows("SELECT 1 FROM parcel") == []


def test_a_second_delivery_rings_nothing_twice(few, upload):
    upload("BIG", 8)
    first = few.rings.pop(0)
    for _ in range(3):
        run_chunk(few.work, few.settings, first)
        finish(few.work, few.settings, first)
    assert len(few.rings) == WINDOW
    assert len({ids[0] for ids in few.rings}) == WINDOW
