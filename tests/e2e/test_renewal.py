"""Stops and upgrades: a worker that is asked to stop drains, and everything is renewed under load without a refusal."""

import os
import signal
import threading
from collections import Counter

import httpx

from tests.chaos.field import WORDS
from tests.e2e.running import lives
from tests.factories import a_course, a_submission, many
from tests.waiting import until

CLIENTS = 4
PAUSE = 0.03
"""Seconds from an answer to the next request: the load is to go on, not to fill the queue."""


class Load:
    """Clients that send single submissions one after the other, some on one connection, some on a new one each time."""

    def __init__(self, url, key) -> None:
        self.url, self.headers = url, {"Authorization": f"Bearer {key}"}
        self.answers: Counter[object] = Counter()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(n,)) for n in range(CLIENTS)]

    def __enter__(self):
        for one in self._threads:
            one.start()
        until(lambda: self.answers[202] > CLIENTS)
        return self

    def __exit__(self, *_):
        self._stop.set()
        for one in self._threads:
            one.join(60)

    def _send(self, number) -> None:
        limits = httpx.Limits(max_keepalive_connections=number % 2)
        with httpx.Client(headers=self.headers, trust_env=False, timeout=30, limits=limits) as client:
            sent = 0
            while not self._stop.wait(PAUSE):
                sent += 1
                try:
                    body = a_submission(f"C{number}-{sent}")
                    found: object = client.post(f"{self.url}/v1/submissions", json=body).status_code
                except httpx.TransportError as error:
                    found = type(error).__name__
                self.answers[found] += 1


def whole(up):
    """The processes of each part, once all are there."""
    until(lambda: len(up.pids(WORDS["worker"])) == 3)
    return {part: up.pids(words) for part, words in WORDS.items()}


def decided(site, count):
    """Wait until so many cases are there."""

    def ask():
        waiting = site.ask("/v1/submissions", params={"state": "received", "limit": 1})
        return waiting is not None and not waiting["submissions"]

    until(ask, 90)
    found, after = 0, None
    while page := site.ask("/v1/cases", params={"limit": 1000} | ({"cursor": after} if after else {})):
        found += len(page["cases"])
        after = page["next"]
        if after is None:
            break
    assert found == count


def test_everything_is_renewed_under_load_and_nobody_is_refused(up, site):
    before = whole(up)
    with Load(up.url, site.key) as load:
        os.kill(up.process.pid, signal.SIGUSR2)
        for part in ("worker", "beat", "api"):
            until(lambda part=part: not any(lives(pid) for pid in before[part]), 120)
        sent = load.answers[202]
        until(lambda: load.answers[202] > sent + CLIENTS)
    assert set(load.answers) == {202}
    decided(site, load.answers[202])
    after = whole(up)
    for part in ("worker", "beat", "api"):
        assert not set(after[part]) & set(before[part])


def test_a_worker_that_is_asked_to_stop_loses_nothing(up, site):
    where = site.send(many(200, forms=a_course()))
    site.under_way(where)
    (parent, *_) = up.pids(WORDS["worker"])
    os.kill(parent, signal.SIGTERM)
    until(lambda: not lives(parent), 60)
    with up.registry.work() as work:  # what it had begun it has ended, or said that it did not
        begun = work.session.connection().exec_driver_sql("SELECT count(*) FROM attempt").scalar_one()
    assert begun <= 2
    receipt = site.decided(where, 90)
    assert (receipt["accepted"], receipt["failed"]) == (200, 0)
