"""Submissions that break the worker that reads them, with real processes that really break.

The poison stands between worker and registry (tests/chaos/poison); the registry has no such door.
"""

import os
import signal

import pytest

from registry.bus import Task
from tests.chaos.field import field
from tests.e2e.running import short_folder
from tests.factories import a_submission, many
from tests.waiting import until

KINDS = ("RAISE", "OTHER", "KILL", "EXIT", "HANG", "DEAF")
REASONS = {
    "RAISE": "RuntimeError in ",
    "OTHER": "ArithmeticError in ",
    "KILL": "the worker died",
    "EXIT": "the worker died",
    "HANG": "it took longer than 2 seconds",
    "DEAF": "the worker died",
}
COUNT, ENDS_WITHIN = 60, 150


@pytest.fixture(scope="module")
def here():
    """A registry with one poison of each kind among the rows of an upload, all of which have ended."""
    with short_folder() as folder, field(folder, MPS_CHUNK_SECONDS="2", MPS_CHUNK_SIZE="10") as found:
        documents = many(COUNT)
        for at, kind in enumerate(KINDS):
            documents.insert(10 * at + 7, a_submission(f"POISON-{kind}-{at}"))
        where = found.poisoner.send(documents)
        receipt = found.poisoner.decided(where, ENDS_WITHIN)
        assert (receipt["accepted"], receipt["rejected"], receipt["failed"]) == (COUNT, 0, len(KINDS))
        yield found


@pytest.fixture
def dead(here):
    return {one["id"]: one for one in here.up.mps_json("queue", "dead")["dead"]}


def test_each_is_a_dead_letter_with_its_reason_and_took_no_neighbour_with_it(here, dead):
    listed = here.poisoner.ask("/v1/submissions", params={"state": "failed"})["submissions"]
    assert {one["case"].split("-")[1] for one in listed} >= set(KINDS) - {"OTHER"}
    for one in listed:
        kind = one["case"].split("-")[1]
        assert REASONS[kind] in dead[one["id"]]["error"], kind
        assert dead[one["id"]]["attempts"] == 3, kind
    cases = here.poisoner.ask("/v1/cases", params={"limit": 1000})["cases"]
    assert sum(one["case"].startswith("KND-") for one in cases) == COUNT


def test_it_is_never_tried_again_by_itself(here, dead):
    """Not by lost messages, doubled messages, a sweep, nor a restart of the worker."""
    here.up.ring(Task.PROCESS, list(dead))
    here.up.ring(Task.SWEEP)
    os.kill(here.pids("worker")[0], signal.SIGTERM)
    marker = here.poisoner.send([a_submission("AFTER-1")])
    assert here.poisoner.decided(marker)["accepted"] == 1
    now = {one["id"]: one for one in here.up.mps_json("queue", "dead")["dead"]}
    assert {one["attempts"] for one in now.values()} == {3}
    assert now.keys() == dead.keys()


def test_it_is_counted_and_its_age_is_told(here, dead):
    metrics = here.poisoner.api.get("/metrics").text
    assert f'mps_submissions{{state="failed"}} {len(dead)}.0' in metrics
    assert 'mps_oldest_submission_seconds{state="failed"}' in metrics
    assert f"dead letters: {len(dead)}, the oldest " in here.up.mps("doctor").stdout
    assert here.up.mps_json("queue", "status")["failed"] == len(dead)


def test_it_is_shown_without_what_it_holds(here, dead):
    one = next(iter(dead))
    shown = here.up.mps("queue", "show", one).stdout
    for words in (
        one,
        "POISON",
        dead[one]["error"],
        "tried 3 times",
        "submission.failed",
        "mps queue replay",
    ):
        assert words in shown
    assert "ecog" not in shown
    found = here.up.mps_json("queue", "show", one)
    assert [event["action"] for event in found["events"]] == ["submission.failed"]
    assert here.up.mps("queue", "show", "018f0000-0000-7000-8000-000000000000").returncode == 2


def test_replay_has_one_effect(here, dead):
    """However often; and only once the reason is mended it is accepted."""
    (letter,) = (name for name, one in dead.items() if "ArithmeticError" in one["error"])
    here.cure()
    assert "0 rung again" in here.up.mps("queue", "replay", "--reason", "no such reason").stdout
    assert "1 rung again" in here.up.mps("queue", "replay", "--reason", "ArithmeticError").stdout
    assert "0 rung again" in here.up.mps("queue", "replay", "--reason", "ArithmeticError").stdout

    def accepted():
        found = here.poisoner.ask(f"/v1/submissions/{letter}")
        return found if found and found["state"] == "accepted" else None

    assert until(accepted, 60)["effect"]["records_added"] == 1
    assert here.up.mps("queue", "replay", letter).returncode == 2
    trail = here.up.mps_json("audit", "show", "--subject", letter)["events"]
    assert [one["action"] for one in trail] == [
        "submission.accepted",
        "submission.replayed",
        "submission.failed",
    ]
