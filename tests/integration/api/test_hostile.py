"""Hostile bodies through the real API and the real database: never a 5xx, never a lost or stuck submission."""

import json

from hypothesis import HealthCheck, given, settings
from sqlalchemy import text

from registry.pipeline.chunk import run_chunk
from tests.problems import problem
from tests.strategies import hostile, messages

LAWS = settings(deadline=None, suppress_health_check=list(HealthCheck))


@settings(LAWS, max_examples=60)
@given(sent=hostile())
def test_every_body_is_answered(api, sent):
    body = json.dumps(sent).encode()
    answer = api.post("/v1/submissions", content=body)
    if answer.status_code != 202:
        code = "not_json" if answer.status_code == 400 else "unreadable"
        assert problem(answer, answer.status_code, code)
        assert answer.status_code in (400, 422)
    dry = api.post("/v1/submissions", content=body, params={"dry_run": "true"})
    assert (dry.status_code == 200) == (answer.status_code == 202)


@settings(LAWS, max_examples=15)
@given(sent=messages())
def test_everything_taken_gets_its_verdict(api, registry, sent):
    """Whatever is stored can be judged, derived, and written down: nothing of it ends as a dead letter."""
    answer = api.post("/v1/batches", content=json.dumps([sent, sent | {"case": "KND-0002"}]).encode())
    assert answer.status_code == 202
    with registry.work() as work:
        waiting = (
            work.session.execute(text("SELECT id FROM submission WHERE state = 'received'")).scalars().all()
        )
    run_chunk(registry.work, registry.settings, waiting)
    receipt = api.get(answer.headers["location"]).json()
    assert receipt["accepted"] + receipt["rejected"] == receipt["received"] == 2
