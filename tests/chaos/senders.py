"""Hospitals that send until they are answered: each request again and again under its key, until there is a 202."""

import threading
import time
from dataclasses import dataclass, field

import httpx

from tests.chaos.workload import Delivery


@dataclass
class Answers:
    """What the hospitals were answered, and how often they had to ask."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    submissions: set[str] = field(default_factory=set)
    batches: dict[str, int] = field(default_factory=dict)
    letters: int = 0
    refusals: int = 0
    wrong: list[str] = field(default_factory=list)


class Pace:
    """So many letters a second over all senders, until it is lifted."""

    def __init__(self, per_second: float) -> None:
        self._gap, self._next, self._lock = 1 / per_second, time.monotonic(), threading.Lock()

    def lift(self) -> None:
        """Let the rest go as fast as it is taken."""
        self._gap = 0.0

    def wait(self, count: int) -> None:
        """Wait for the turn of so many letters."""
        with self._lock:
            turn = max(self._next, time.monotonic())
            self._next = turn + count * self._gap
        while self._gap and (left := turn - time.monotonic()) > 0:
            time.sleep(min(left, 0.5))


def send(
    url: str, key: str, deliveries: list[Delivery], answers: Answers, pace: Pace, stop: threading.Event
) -> None:
    """Send the deliveries one after the other; the next one only when the last one is answered."""
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=60) as client:
        for delivery in deliveries:
            pace.wait(len(delivery.letters))
            times = 2 if delivery.twice else 1
            found = {_until_taken(client, delivery, answers, stop) for _ in range(times)}
            if stop.is_set():
                return
            (where,) = found if len(found) == 1 else (None,)
            with answers.lock:
                if where is None:
                    answers.wrong.append(f"{delivery.key} has two receipts")
                    continue
                answers.letters += len(delivery.letters)
                if delivery.single:
                    answers.submissions.add(where)
                else:
                    answers.batches[where] = len(delivery.letters)


def _until_taken(
    client: httpx.Client, delivery: Delivery, answers: Answers, stop: threading.Event
) -> str | None:
    path, kind = (
        ("/v1/submissions", "application/json")
        if delivery.single
        else ("/v1/batches", "application/x-ndjson")
    )
    body = b"\n".join(one.body for one in delivery.letters)
    headers = {"Content-Type": kind, "Idempotency-Key": delivery.key}
    while not stop.is_set():
        try:
            answer = client.post(path, content=body, headers=headers)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code == 202:
            return str(answer.headers["location"]).rpartition("/")[2]
        with answers.lock:
            answers.refusals += 1
            if answer is not None and answer.status_code != 503:
                answers.wrong.append(f"{delivery.key}: {answer.status_code} {answer.text[:300]}")
        if answer is not None and answer.status_code != 503:
            return None
        stop.wait(0.2)
    return None
