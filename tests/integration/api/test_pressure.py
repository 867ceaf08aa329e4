"""While too much waits, intake says when to come again and stores nothing; what was answered is safe, reading goes on."""

import threading
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from cli.main import app
from registry.pipeline.chunk import run_chunk
from tests.factories import a_submission, many, ndjson
from tests.integration.conftest import served
from tests.problems import problem
from tests.waiting import until

LIMIT = 3


@pytest.fixture
def api_with(registry, key):
    """Clients of an API with other settings."""
    opened = []

    def having(**settings):
        other = replace(registry, settings=registry.settings.model_copy(update=settings))
        place = served(other)
        url = place.__enter__()
        client = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {key}"}, trust_env=False, timeout=20
        )
        opened.extend((client, place))
        return client

    yield having
    for one in reversed(opened):
        one.__exit__(None, None, None)


def post(client, number):
    return client.post("/v1/submissions", json=a_submission(f"KND-{number}"))


def test_intake_stops_at_the_limit_and_goes_on_when_less_waits(registry, api_with, decide):
    client = api_with(backlog_limit=LIMIT)
    answers = [post(client, number) for number in range(LIMIT + 2)]
    assert [one.status_code for one in answers] == [202] * LIMIT + [503] * 2
    problem(answers[-1], 503, "full")
    assert int(answers[-1].headers["retry-after"]) > 0
    with registry.work() as work:
        assert work.session.execute(text("SELECT count(*) FROM submission")).scalar_one() == LIMIT
    batch = client.post(
        "/v1/batches", content=ndjson(many(2)), headers={"Content-Type": "application/x-ndjson"}
    )
    assert batch.status_code == 503
    for answer in answers[:LIMIT]:
        assert client.get(answer.headers["location"]).json()["state"] == "received"
    assert client.get("/v1/submissions").status_code == 200
    assert decide() == LIMIT
    assert until(lambda: (again := post(client, "again")).status_code == 202 and again)


def test_a_dry_run_stores_nothing_and_is_never_turned_away(api_with):
    client = api_with(backlog_limit=1)
    assert post(client, 1).status_code == 202
    assert post(client, 2).status_code == 503
    tried = client.post("/v1/submissions", params={"dry_run": "true"}, json=a_submission())
    assert tried.status_code == 200


def test_a_disk_that_is_nearly_full_stops_intake(api_with):
    client = api_with(disk_reserve_bytes=10**18)
    answer = post(client, 1)
    assert answer.status_code == 503
    assert "disk" in answer.json()["detail"]
    assert client.get("/v1/submissions").json()["submissions"] == []


def test_the_command_line_comes_again_when_it_is_told(registry, api_with, key, tmp_path, monkeypatch):
    """And with the key of the same call, so that nothing is stored twice."""
    client = api_with(backlog_limit=1)
    first = post(client, 1)
    assert first.status_code == 202
    (tmp_path / "cases.ndjson").write_bytes(ndjson(many(2)))
    monkeypatch.setenv("MPS_API_URL", str(client.base_url))
    monkeypatch.setenv("MPS_API_KEY", key)
    monkeypatch.setattr("registry.pipeline.pressure.COME_AGAIN_BACKLOG", 1)
    room = threading.Timer(
        1.0, run_chunk, (registry.work, registry.settings, [first.headers["location"][-36:]])
    )
    room.start()
    done = CliRunner().invoke(app, ["submit", str(tmp_path / "cases.ndjson")])
    room.join()
    assert done.exit_code == 0, done.output
    assert "sending again in 1 seconds" in done.output
    with registry.work() as work:
        assert work.session.execute(text("SELECT count(*) FROM submission")).scalar_one() == 3
