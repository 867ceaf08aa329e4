"""Verdicts are those of the order of arrival, whatever the order in which the messages reach a worker."""

import itertools

import orjson
import pytest
from sqlalchemy import text

from registry.bus import Task
from registry.pipeline.chunk import run_chunk
from registry.pipeline.dead_letters import replay
from registry.pipeline.sweep import sweep
from registry.store import attempts, submissions
from tests.factories import a_state, a_submission

VERDICTS = """
    SELECT s.state, s.findings, s.attempts FROM submission s ORDER BY s.id
"""


def story():
    """Three messages about one case whose verdicts depend on their order: the second needs a reason and has none."""
    return [
        a_submission(),
        a_submission(recorded_at="2026-03-05T00:00:00Z", forms={"function": [a_state(ecog=3)]}),
        a_submission(
            recorded_at="2026-03-06T00:00:00Z", forms={"function": [a_state(ecog=4)]}, reason="looked again"
        ),
    ]


@pytest.fixture
def rung(registry):
    """Run ids as a worker does; gives what is rung for after that."""

    def run(ids):
        rings = []

        def open_work():
            work = registry.work()
            work.publish = lambda task, args: rings.append((task, args[0])) or True
            return work

        run_chunk(open_work, registry.settings, ids)
        return rings

    return run


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))], ids=str)
def test_any_order_of_messages_gives_the_verdicts_of_the_order_of_arrival(receive, rung, rows, order):
    ids = receive(*story())
    rings = [ring for at in order for ring in rung([ids[at]])]
    while rings:
        task, more = rings.pop()
        assert task == Task.PROCESS
        rings += rung(more)
    assert [row.state for row in rows(VERDICTS)] == ["accepted", "rejected", "accepted"]


def test_one_that_is_held_back_is_rung_when_the_earlier_one_is_decided(receive, rung, rows):
    first, *later = receive(*story())
    assert rung(later[::-1]) == []
    assert [row.state for row in rows(VERDICTS)] == ["received"] * 3
    assert rung([first]) == [(Task.PROCESS, [str(one) for one in later])]
    assert rung([first]) == []  # once


def test_another_case_does_not_wait(receive, rung, rows):
    _, other = receive(a_submission(), a_submission("KND-0002"))
    assert rung([other]) == []
    assert [row.state for row in rows(VERDICTS)] == ["received", "accepted"]


def test_the_sweeper_covers_a_ring_that_is_lost(receive, rung, rows, registry):
    first, *later = receive(*story())
    rung(later)
    rung([first])  # what it rings is lost
    rows_now = "UPDATE submission SET ring_at = now() WHERE state = 'received' RETURNING id"
    rows(rows_now)
    with registry.work() as work:
        assert sweep(work, registry.settings) == 2


def test_a_dead_letter_holds_nobody_back_and_is_decided_when_it_is_replayed(receive, rung, rows, registry):
    first, *later = receive(*story())
    with registry.work() as work:
        attempts.fail(work.session, [first], "a reason", max_attempts=1, delay=0)
    rung(later)
    assert [row.state for row in rows(VERDICTS)] == ["failed", "accepted", "accepted"]
    with registry.work() as work:
        assert replay(work, ids=[first], actor="test") == 1
    rung([first])
    assert {row.state for row in rows(VERDICTS)} == {"accepted"}


def test_an_unreadable_one_holds_back_no_later_one_of_its_chunk(api, decide):
    documents = [{"case": "KND-0001", "forms": 1}, a_submission()]
    headers = {"Content-Type": "application/x-ndjson"}
    sent = api.post("/v1/batches", content=b"\n".join(map(orjson.dumps, documents)), headers=headers)
    decide()
    receipt = api.get(sent.headers["location"]).json()
    assert (receipt["rejected"], receipt["accepted"]) == (1, 1)


def test_two_that_wait_for_a_third_do_not_ring_for_one_another(receive, rung, rows):
    """They would keep the workers busy for ever, and from the third."""
    first, second, third = receive(*story())
    assert rung([second]) == []
    assert rung([third]) == []
    assert rung([second]) == []
    assert [ids for _, ids in rung([first])] == [[str(second), str(third)]]


def test_the_order_is_that_of_the_databases_clock_and_not_of_the_ids(receive, rung, rows):
    """An API whose clock was set back gives a later submission a smaller id."""
    first, second = receive(*story()[:2])
    exchange = (
        "UPDATE submission SET received_at = received_at + interval '1 hour' WHERE id = :id RETURNING 1"
    )
    rows(exchange, id=first)
    assert rung([first]) == []
    assert [ids for _, ids in rung([second])] == [[str(first)]]


DECIDED = text("""
    INSERT INTO submission (id, site_id, state, pseudonym, content_hash, correlation_id, attempts)
    SELECT gen_random_uuid(), :site, 'accepted', 'OLD-' || n, '', '', 0 FROM generate_series(1, 20000) AS n
""")


def test_the_earlier_ones_of_a_case_are_found_without_reading_all_that_waits(registry, site, receive):
    """The statistics are those of a registry in which nothing waited, as they are before every large upload."""
    with registry.work() as work:
        work.session.execute(DECIDED, {"site": site})
        work.session.execute(text("ANALYZE submission"))
    ids = receive(*(a_submission(f"KND-{number:04}") for number in range(40)))
    held = submissions._HOLD_BACK.text.replace(":ids", ":one").replace(":claimed", ":one")
    with registry.work() as work:
        plan = "\n".join(work.session.execute(text(f"EXPLAIN {held}"), {"one": ids}).scalars())
    assert "ix_submission_case" in plan
    assert "ix_submission_waiting" not in plan
