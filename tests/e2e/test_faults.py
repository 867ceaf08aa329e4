"""Faults that are about somebody: the hospital that is answered meanwhile, the operator who stops it all."""

import os
import signal

import pytest

from tests.e2e.running import descendants, lives, running, short_folder
from tests.factories import a_course, a_submission, many
from tests.waiting import until

COUNT = 200


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP], ids=lambda end: end.name)
def test_a_hospital_is_answered_at_once_while_the_queue_is_away(up, site, end):
    """Gone, or there and silent. The row is the truth; the sweeper rings when the queue is back."""
    queue = until(lambda: up.pids("valkey-server "))[0]
    os.kill(queue, end)
    try:
        where = [site.api.post("/v1/submissions", json=a_submission(f"KND-{n}")) for n in range(3)]
        batch = site.send(many(40))
    finally:
        if lives(queue):
            os.kill(queue, signal.SIGCONT)
    assert {answer.status_code for answer in where} == {202}
    assert site.decided(batch, 90)["accepted"] == 40
    for answer in where:
        at = answer.headers["location"]
        until(lambda at=at: (found := site.ask(at)) and found["state"] == "accepted", 90)


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
