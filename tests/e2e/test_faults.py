"""Faults while submissions are under way: each still gets its verdict, none twice, and the processes come back."""

import os
import signal

import pytest

from tests.e2e.running import Running, descendants, lives, running, short_folder
from tests.factories import a_course, a_submission, many
from tests.waiting import until

COUNT = 400

VICTIMS = {
    "children of the worker": "workers.app worker ",
    "worker": "workers.app worker ",
    "beat": "workers.app beat ",
    "api": "registry.api.server",
    "queue": "valkey-server ",
    "database": "postgres -D ",
}
"""What is killed, and words of its command line. Of the worker's processes the oldest is the parent."""


def kill(up: Running, victim: str) -> None:
    found = up.pids(VICTIMS[victim])
    for pid in found[1:] if victim == "children of the worker" else found[:1]:
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("victim", VICTIMS)
def test_killed_in_flight(up, site, victim):
    where = site.send(many(COUNT, forms=a_course()))
    site.under_way(where)
    kill(up, victim)
    receipt = site.decided(where)
    assert (receipt["accepted"], receipt["rejected"], receipt["failed"]) == (COUNT, 0, 0)
    cases = until(lambda: site.ask("/v1/cases", params={"limit": 1000}))
    assert len(cases["cases"]) == COUNT
    with up.registry.work() as work:
        records = work.session.connection().exec_driver_sql(
            'SELECT count(*), count(DISTINCT (case_id, form, key)) FROM record JOIN "case" ON "case".id = case_id '
            'JOIN site ON site.id = "case".site_id WHERE site.code = %s',
            (site.code,),
        )
        assert tuple(records.one()) == (2 * COUNT, 2 * COUNT)
    until(lambda: all(up.pids(words) for words in VICTIMS.values()))
    until(lambda: len(up.pids(VICTIMS["worker"])) == 3)  # the parent and its two, and no orphans


def test_a_hospital_is_answered_at_once_while_the_queue_is_away(up, site):
    """The row is the truth; the sweeper rings when the queue is back."""
    frozen = up.pids(VICTIMS["queue"])[0]
    os.kill(frozen, signal.SIGKILL)
    answers = [site.api.post("/v1/submissions", json=a_submission(f"KND-{n}")) for n in range(5)]
    assert {answer.status_code for answer in answers} == {202}
    for answer in answers:
        where = answer.headers["location"]
        until(lambda where=where: (found := site.ask(where)) and found["state"] == "accepted")


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL], ids=lambda end: end.name)
def test_nothing_is_left_when_it_ends_and_nothing_is_lost(end):
    """By Ctrl-C and by the kernel, in mid-work; the next start goes on where it was."""
    with short_folder() as folder:
        with running(folder) as up:
            site = up.new_site()
            where = site.send(many(COUNT, forms=a_course()))
            site.under_way(where)
            left = descendants(up.process.pid)
            os.kill(up.process.pid, end)
            assert up.process.wait(60) == (-signal.SIGKILL if end == signal.SIGKILL else 0)
            until(lambda: not any(map(lives, left)))
        with running(folder) as up:
            receipt = up.site(site.code, site.key).decided(where)
            assert (receipt["accepted"], receipt["failed"]) == (COUNT, 0)
