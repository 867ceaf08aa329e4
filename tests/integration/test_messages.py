"""Messages of other versions: those of the previous one are understood, and those of the next, which may say more.

`tests/golden/messages.json` holds the messages of the first version as the queue held them, one of each task, with ids in
the place of which a test puts its own. A message that is sent today has the same shape, or says more; whoever must change
that adds a corpus beside it and keeps this one for a version.
"""

import base64
import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text

from registry.bus import QUEUES, Task, publish
from registry.embedded.master_key import master_key_file
from tests.factories import many
from tests.integration.pipeline.conftest import receive, site
from tests.waiting import until

__all__ = ("receive", "site")

FROZEN = orjson.loads((Path(__file__).parents[1] / "golden" / "messages.json").read_bytes())
SAMPLES = {Task.PROCESS: ["id"], Task.PROCESS_BULK: ["id"], Task.DERIVE: [1]}


def body_of(message):
    """Arguments, keywords and the rest."""
    return orjson.loads(base64.b64decode(message["body"]))


def shape(value):
    """Kinds of values, and the names of those that have names."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    return [shape(one) for one in value] if isinstance(value, list) else type(value).__name__


def within(before, after) -> bool:
    """Whether all that was said before is said, in its place and of its kind."""
    if isinstance(before, dict):
        return isinstance(after, dict) and all(within(one, after.get(name)) for name, one in before.items())
    if isinstance(before, list):
        return isinstance(after, list) and len(before) <= len(after) and all(map(within, before, after))
    return before in (after, "NoneType")


@pytest.mark.parametrize("task", Task)
def test_a_message_says_at_least_what_it_said_before(registry, task):
    publish(task, (SAMPLES[task],) if task in SAMPLES else ())
    (raw,) = registry.redis().lrange(QUEUES[task], 0, -1)
    now, before = orjson.loads(raw), FROZEN[task]
    assert within(shape(before), shape(now))
    assert within(shape(body_of(before)), shape(body_of(now)))
    assert now["headers"]["task"] == before["headers"]["task"] == task


@pytest.fixture
def worker(registry):
    """A worker as in production, in one process, without beat: nothing is done that is not rung for."""
    environment = os.environ | {
        "MPS_DATABASE_URL": registry.engine.url.render_as_string(hide_password=False),
        "MPS_REDIS_URL": registry.servers.redis_url,
        "MPS_MASTER_KEY_FILE": str(master_key_file(registry.settings.data)),
    }
    command = (sys.executable, "-m", "celery", "--quiet", "-A", "workers.app", "worker", "--pool", "solo")
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        yield process
        process.terminate()


def as_before(message, ids):
    """The frozen message, about these submissions."""
    arguments, *rest = body_of(message)
    return message | {"body": base64.b64encode(orjson.dumps([[ids, *arguments[1:]], *rest])).decode()}


def as_next(message, ids):
    """The message of a version that says more."""
    arguments, keywords, rest = body_of(as_before(message, ids))
    body = [[*arguments, {"more": 1}], keywords | {"urgency": "high"}, rest]
    headers = message["headers"] | {"mps_new": "header"}
    return message | {"headers": headers, "body": base64.b64encode(orjson.dumps(body)).decode()}


def test_a_worker_understands_the_previous_version_and_the_next(registry, receive, worker):
    ids = [str(one) for one in receive(*many(4))]
    queue = registry.redis()
    queue.flushdb()
    for task, made in ((Task.PROCESS, as_before), (Task.PROCESS_BULK, as_next)):
        mine, ids = ids[:2], ids[2:]
        queue.lpush(QUEUES[task], orjson.dumps(made(FROZEN[task], mine)))

    def states():
        with registry.work() as work:
            return work.session.execute(text("SELECT state, count(*) FROM submission GROUP BY state")).all()

    until(lambda: states() == [("accepted", 4)], 60)
