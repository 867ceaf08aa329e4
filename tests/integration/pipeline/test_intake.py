"""Intake: what comes at the same moment is stored together, each answered by itself."""

from dataclasses import replace
from functools import partial

import orjson
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from registry.bus import Task
from registry.errors import Conflict
from registry.pipeline.group_commit import Sent, receive
from registry.pipeline.intake import Unreadable, checked
from registry.pipeline.sites import add_site
from registry.store.roles import Role
from tests.factories import a_submission
from tests.roles import site_pass, working_as

TOGETHER = 6


def a_row(registry, *, case="K-1", key=None):
    body = orjson.dumps(a_submission(case=case))
    return checked(body, registry.settings, correlation_id="the-correlation", idempotency_key=key)


def send_together(registry, *sent):
    """The answers to (site, row) that come at the same moment; of a row that is an error, reading it fails with that."""

    def read(row):
        if isinstance(row, Exception):
            raise row
        return row

    shown = {site: site_pass(registry, site) for site, _ in sent}
    with working_as(Role.API, registry) as api:
        return receive(
            api.work, api.settings, [Sent(site, shown[site], partial(read, row)) for site, row in sent]
        )


def test_what_comes_together_is_one_transaction_and_one_message(registry, site):
    rows = [a_row(registry, case=f"K-{n}") for n in range(TOGETHER)]
    answers = send_together(registry, *((site, row) for row in rows))
    assert [one["id"] for one in answers] == [str(row.id) for row in rows]
    assert [one["case"] for one in answers] == [f"K-{n}" for n in range(TOGETHER)]
    with registry.engine.connect() as connection:
        stored = connection.execute(text("SELECT xmin::text, count(*) FROM submission GROUP BY 1")).all()
    assert [count for _, count in stored] == [TOGETHER]
    messages = [orjson.loads(one) for one in registry.redis().lrange("intake", 0, -1)]
    assert [one["headers"]["task"] for one in messages] == [Task.PROCESS]


def test_what_comes_from_two_sites_is_a_transaction_of_each_under_its_own_pass(registry, site):
    with registry.work() as work:
        other = add_site(work, "OTH", "Other", country="JP", timezone="Asia/Tokyo", actor="test").id
    answers = send_together(
        registry, *((one, a_row(registry, case=f"K-{n}")) for n, one in enumerate((site, other, site)))
    )
    assert [(one["case"], one["site"]) for one in answers] == [("K-0", "KND"), ("K-1", "OTH"), ("K-2", "KND")]
    with registry.engine.connect() as connection:
        stored = connection.execute(text("SELECT xmin::text, count(*) FROM submission GROUP BY 1")).all()
    assert sorted(count for _, count in stored) == [1, 2]


def test_a_key_used_at_the_same_moment_has_one_row(registry, site):
    rows = [a_row(registry, key="once") for _ in range(TOGETHER)]
    answers = send_together(registry, *((site, row) for row in rows))
    assert {one["id"] for one in answers} == {str(rows[0].id)}


def test_a_key_used_for_other_bytes_is_a_conflict_of_that_one_alone(registry, site):
    rows = [a_row(registry, key="once"), a_row(registry, case="OTHER", key="once"), a_row(registry)]
    first, other, third = send_together(registry, *((site, row) for row in rows))
    assert (first["id"], third["id"]) == (str(rows[0].id), str(rows[2].id))
    assert isinstance(other, Conflict)


def test_a_row_that_cannot_be_stored_takes_no_neighbour_with_it(registry, site):
    row = a_row(registry)
    rows = [row, a_row(registry), replace(a_row(registry), id=row.id)]
    *answers, twice = send_together(registry, *((site, row) for row in rows))
    assert [one["state"] for one in answers] == ["received", "received"]
    assert isinstance(twice, IntegrityError)


def test_one_that_cannot_be_read_takes_no_neighbour_with_it(registry, site):
    unreadable = Unreadable([])
    first, second, third = send_together(
        registry, (site, a_row(registry)), (site, unreadable), (site, a_row(registry))
    )
    assert (first["state"], second, third["state"]) == ("received", unreadable, "received")


def test_a_transaction_that_fails_is_told_to_all_of_it_and_rings_nothing(registry):
    nowhere = 404  # there is no such site
    answers = send_together(registry, (nowhere, a_row(registry)), (nowhere, a_row(registry)))
    assert [type(one) for one in answers] == [IntegrityError] * 2
    assert registry.redis().llen("intake") == 0
