"""Intake: what comes at the same moment is stored together, each answered by itself."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from registry.bus import Task
from registry.errors import Conflict
from registry.ids import new_id
from registry.pipeline.group_commit import Intake
from registry.pipeline.intake import checked
from registry.store.roles import Role
from tests.factories import a_submission
from tests.roles import site_pass, working_as
from tests.waiting import until

TOGETHER = 6


def a_row(registry, *, case="K-1", key=None):
    body = orjson.dumps(a_submission(case=case))
    return checked(body, registry.settings, correlation_id="the-correlation", idempotency_key=key)


@contextmanager
def nothing_is_stored(registry):
    """Whoever stores a submission waits until the block ends."""
    with registry.engine.begin() as connection:
        connection.execute(text("LOCK TABLE submission IN SHARE MODE"))
        yield


def send_together(registry, site, rows):
    """The answers to rows that come while the transaction of one before them is under way."""
    shown = site_pass(registry, site)
    with working_as(Role.API, registry) as api, ThreadPoolExecutor(len(rows) + 1) as threads:
        intake = Intake(api.work, api.settings)
        with nothing_is_stored(registry):
            first = threads.submit(intake.receive, site, shown, a_row(registry, case="FIRST"))
            until(lambda: intake._committing and not intake._gathered)
            futures = [threads.submit(intake.receive, site, shown, row) for row in rows]
            until(lambda: len(intake._gathered.get(site, ())) == len(rows))
        assert first.result()["state"] == "received"
        return [future.exception() or future.result() for future in futures]


def test_what_comes_during_a_commit_is_one_transaction_and_one_message(registry, site):
    rows = [a_row(registry, case=f"K-{n}") for n in range(TOGETHER)]
    answers = send_together(registry, site, rows)
    assert [one["id"] for one in answers] == [str(row.id) for row in rows]
    assert [one["case"] for one in answers] == [f"K-{n}" for n in range(TOGETHER)]
    with registry.engine.connect() as connection:
        stored = connection.execute(text("SELECT xmin::text, count(*) FROM submission GROUP BY 1")).all()
    assert sorted(count for _, count in stored) == [1, TOGETHER]
    messages = [orjson.loads(one) for one in registry.redis().lrange("intake", 0, -1)]
    assert sorted(one["headers"]["task"] for one in messages) == [Task.PROCESS, Task.PROCESS]


def test_a_key_used_at_the_same_moment_has_one_row(registry, site):
    rows = [a_row(registry, key="once") for _ in range(TOGETHER)]
    answers = send_together(registry, site, rows)
    assert {one["id"] for one in answers} == {str(rows[0].id)}


def test_a_key_used_for_other_bytes_is_a_conflict_of_that_one_alone(registry, site):
    rows = [a_row(registry, key="once"), a_row(registry, case="OTHER", key="once"), a_row(registry)]
    first, other, third = send_together(registry, site, rows)
    assert (first["id"], third["id"]) == (str(rows[0].id), str(rows[2].id))
    assert isinstance(other, Conflict)


def test_a_row_that_cannot_be_stored_takes_no_neighbour_with_it(registry, site):
    row = a_row(registry)
    rows = [row, a_row(registry), replace(a_row(registry), id=row.id)]
    *answers, twice = send_together(registry, site, rows)
    assert [one["state"] for one in answers] == ["received", "received"]
    assert isinstance(twice, IntegrityError)


def test_a_transaction_that_fails_is_told_to_all_of_it_and_rings_nothing(registry):
    nowhere = site_pass(registry, 404)
    with working_as(Role.API, registry) as api, pytest.raises(IntegrityError):
        Intake(api.work, api.settings).receive(
            404, nowhere, replace(a_row(registry), id=new_id())
        )  # there is no such site
    assert registry.redis().llen("intake") == 0
