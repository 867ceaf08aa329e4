"""Words, identifiers and clinical values come in by every path, whole and broken, and stand in nothing that is not the case.

Searched is what a registry leaves behind while it runs with its most talkative log: all output of all processes, every
command that reached the queue's server, what is left in it, the metrics, the answers, and every file of the data folder.
The files of PostgreSQL hold the structured values of cases; words and identifiers are in none of them either.
"""

import base64
import json
import threading
from contextlib import suppress

import pytest
from redis.exceptions import ConnectionError as Gone

from registry.pipeline.queue_readings import queue_readings
from tests.chaos.field import field
from tests.e2e.running import short_folder
from tests.factories import a_course, a_state, a_submission, ndjson
from tests.waiting import until

WORDS = "zanzibar ukulele"
NOTE = f"{WORDS} in the garden"
IDENTIFIERS = {
    "e-mail": "q.wombat@canary.example", "telephone": "+44 20 7946 0958", "record number": "MRN 77310442",
    "name": "Mr Quetzalcoatlus",
}  # fmt: skip
CASES = ("CANARY-4711", "POISON-RAISE-4711", "POISON-KILL-4711", "POISON-EXIT-4711")
DAY = "2024-11-29"
CSV = "case,recorded_at,assess_date,ecog,note\n"

SECRETS = (WORDS, *IDENTIFIERS.values(), "wombat", "Quetzalcoatlus", "77310442")
"""What may be read nowhere."""

VALUES = (*CASES, DAY)
"""What stands in the rows of the case and nowhere else."""


def about(case, note=NOTE, **more):
    forms = {"function": [a_state(DAY, ecog=0, kps=70, note=note)], **a_course(onset=DAY)}
    return a_submission(case, forms=forms, reason=None, **more)


@pytest.fixture(scope="module")
def here():
    """A registry into which canaries flew; with every answer, and every command that its queue's server got."""
    commands: list[bytes] = []
    answers: list[str] = []
    with short_folder() as folder, field(folder, MPS_LOG_LEVEL="DEBUG", MPS_CHUNK_SIZE="2") as found:
        redis = found.up.registry.redis()
        with redis.monitor() as watch:
            watching = threading.Thread(target=lambda: listen(watch.connection, commands))
            watching.start()
            send(found, answers)
            watch.connection.disconnect()
            watching.join(20)
        answers.append(found.up.log.read_text())
        answers.append(found.poisoner.api.get("/metrics").text)
        yield found, answers, commands


def listen(connection, commands):
    with suppress(Gone, OSError, ValueError, AttributeError, TypeError):
        while True:
            commands.append(connection.read_response(disable_decoding=True, timeout=None))


def send(found, answers):
    """By every path: whole, refused by what it says, refused by how it says it, and breaking the worker."""
    api, up = found.poisoner.api, found.up

    def post(path, content, kind="application/json"):
        answer = api.post(path, content=content, headers={"Content-Type": kind})
        answers.append(answer.text)
        return answer.headers.get("location")

    single = [post("/v1/submissions", json.dumps(about(CASES[0])))]
    for value in IDENTIFIERS.values():
        single.append(post("/v1/submissions", json.dumps(about(CASES[0], note=f"see {value}"))))
        post("/v1/submissions", json.dumps({**about(CASES[0]), "patient_name": value}))
        post("/v1/submissions", json.dumps(about(value)))
        post("/v1/submissions", json.dumps(about(CASES[0]))[:-40] + value)
    batches = [
        post("/v1/batches", ndjson([about(case) for case in CASES]), "application/x-ndjson"),
        post("/v1/batches", ndjson([about(CASES[0], note=value) for value in IDENTIFIERS.values()]), "application/x-ndjson"),
        post("/v1/batches", f'{{"case": "{CASES[0]}", "note": "{NOTE}'.encode(), "application/x-ndjson"),
        post("/v1/batches", CSV + "".join(f"{CASES[0]},2026-03-04T09:12:00Z,{DAY},{ecog},{NOTE}\n" for ecog in (1, NOTE)), "text/csv"),
    ]  # fmt: skip
    for name, content in {
        "good.ndjson": ndjson([about(CASES[0], recorded_at="2026-03-05T00:00:00Z")]),
        "bad.ndjson": ndjson([about(CASES[0], note=IDENTIFIERS["telephone"])])
        + b'{"case": "'
        + NOTE.encode(),
        "bad.csv": (CSV + f"{CASES[0]},never,{NOTE},,{IDENTIFIERS['name']}\n").encode(),
    }.items():
        (up.folder / name).write_bytes(content)
        done = up.mps("submit", name, "--site", found.poisoner.code, "--wait")
        answers.append(done.stdout + done.stderr)
        (up.folder / name).unlink()
    for where in filter(None, batches):
        answers.append(json.dumps(found.poisoner.decided(where, 120)))
    for where in filter(None, single):
        answers.append(
            json.dumps(
                until(
                    lambda where=where: (one := found.poisoner.ask(where)) and one["decided_at"] and one, 60
                )
            )
        )
    dead = up.mps("queue", "dead", "--json").stdout
    assert dead.count('"id"') == 3, dead  # the poison did break the worker
    answers.append(dead)


def decoded(raw):
    """A command with what its arguments hold in base64, as Celery's messages do."""
    yield raw
    for part in raw.replace(b"\\", b"").split(b'"'):
        with suppress(ValueError):
            yield base64.b64decode(part, validate=True)


def in_any(needles, texts):
    return sorted({needle for text in texts for needle in needles if needle.encode() in text})


def test_neither_logs_nor_answers_repeat_them(here):
    """Answers name the case, because the hospital asked for it."""
    _, answers, _ = here
    *said, log, metrics = answers
    assert "submission_failed" in log or "error" in log.lower()
    assert [one for one in said if in_any(SECRETS, [one.encode()])] == []
    assert in_any((*SECRETS, *VALUES), [log.encode(), metrics.encode()]) == []


def test_the_queue_never_sees_them(here):
    found, _, commands = here
    raw = [part for one in commands if isinstance(one, bytes) for part in decoded(one)]
    assert any(b"mps.process" in one for one in raw)  # the watcher saw messages
    raw += queue_readings(found.up.registry.redis())
    assert in_any((*SECRETS, *VALUES), raw) == []


def test_no_file_of_the_data_folder_holds_them(here):
    found, _, _ = here
    with found.up.registry.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")  # all pages are in their files
    found.up.registry.engine.dispose()
    seen = {"postgres": 0, "else": 0}
    for file in (found.up.folder / "data").rglob("*"):
        if not file.is_file():
            continue
        database = "postgres" in file.relative_to(found.up.folder).parts
        seen["postgres" if database else "else"] += 1
        needles = SECRETS if database else (*SECRETS, *VALUES)
        with suppress(FileNotFoundError):  # a file of the database that was there a moment ago
            assert in_any(needles, [file.read_bytes()]) == [], file
    assert seen["postgres"] > 100
    assert seen["else"] > 1
