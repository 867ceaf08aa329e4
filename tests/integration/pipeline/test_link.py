"""Cases of two sites with an equal linkage token: both sites are asked, neither learns of the other, nothing merges."""

import threading
from itertools import count

import orjson
import pytest
from sqlalchemy import event, text

from registry.domain.linkage_token import Key
from registry.ids import new_id
from registry.pipeline.chunk import run_chunk
from registry.pipeline.dry_run import dry_run
from registry.pipeline.intake import receive_one
from registry.pipeline.rederive import rederive
from registry.pipeline.sites import add_site
from tests.factories import a_record

TOKEN, OTHER = (Key("k3", bytes(32)).token("GB-NHS", number) for number in ("943 476 5919", "943 476 5870"))
MINUTE = count()


@pytest.fixture
def sites(registry):
    """Ids of three sites by code."""
    with registry.work() as work:
        return {
            code: add_site(work, code, code, country=None, timezone="UTC", actor="test").id
            for code in ("KND", "OSA", "NGY")
        }


@pytest.fixture
def store(registry, sites):
    def received(site, **forms):
        at = f"2026-03-04T09:{next(MINUTE) % 60:02}:00Z"
        body = {"case": "P-1", "recorded_at": at, "forms": forms, "reason": "a correction"}
        with registry.work() as work:
            return receive_one(
                work, registry.settings, site_id=sites[site], body=orjson.dumps(body),
                correlation_id=new_id().hex, idempotency_key=None,
            )  # fmt: skip

    return received


@pytest.fixture
def send(registry, store):
    """Send forms of the one case of a site and decide on them."""

    def sent(site, **forms):
        assert run_chunk(registry.work, registry.settings, [store(site, **forms)]) == 1

    return sent


@pytest.fixture
def asked(rows):
    """The state of Q28 at each site that was ever asked."""

    def states():
        found = rows(
            "SELECT site.code, q.state, q.finding FROM query q JOIN site ON site.id = q.site_id WHERE q.rule = 'Q28'"
        )
        assert not [1 for row in found for code in ("KND", "OSA", "NGY") if code in str(row.finding)]
        return sorted((row.code, row.state) for row in found)

    return states


def a_patient(token=None, **more):
    return a_record("patient", **({"linkage_token": token} if token else {}), **more)


def test_equal_tokens_ask_both_sites_and_merge_nothing(send, asked, rows):
    send("KND", patient=a_patient(TOKEN))
    assert asked() == []
    send("OSA", patient=a_patient(TOKEN))
    assert asked() == [("KND", "open"), ("OSA", "open")]
    assert rows('SELECT count(*) AS n FROM "case"')[0].n == 2


def test_other_tokens_and_none_ask_nobody(send, asked):
    send("KND", patient=a_patient(TOKEN))
    send("OSA", patient=a_patient(OTHER))
    send("NGY", patient=a_patient())
    assert asked() == []


def test_first_messages_in_one_chunk_find_each_other(registry, store, asked):
    run_chunk(
        registry.work, registry.settings, [store(site, patient=a_patient(TOKEN)) for site in ("KND", "OSA")]
    )
    assert asked() == [("KND", "open"), ("OSA", "open")]


def test_first_messages_at_the_same_time_find_each_other(registry, store, asked):
    ids = [store(site, patient=a_patient(TOKEN)) for site in ("KND", "OSA", "NGY")]
    threads = [
        threading.Thread(target=run_chunk, args=(registry.work, registry.settings, [one])) for one in ids
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert {site for site, state in asked() if state == "open"} == {"KND", "OSA", "NGY"}


def test_a_corrected_token_closes_the_query_at_both(send, asked):
    send("KND", patient=a_patient(TOKEN))
    send("OSA", patient=a_patient(TOKEN))
    send("OSA", patient=a_patient(OTHER))
    assert asked() == [("KND", "closed"), ("OSA", "closed")]


def test_while_keys_change_the_older_token_still_finds(send, asked):
    send("KND", patient=a_patient(TOKEN))
    send("KND", patient=a_patient(Key("k4", b"\1" * 32).token("GB-NHS", "9434765919")))
    send("OSA", patient=a_patient(TOKEN))
    assert asked() == [("KND", "open"), ("OSA", "open")]


def test_a_death_at_one_site_asks_the_other_that_saw_the_patient_alive(send, rows):
    send(
        "OSA",
        patient=a_patient(TOKEN),
        follow_up=[a_record("follow_up", visit_date="2025-06-01", vital_status="alive")],
    )
    send("KND", patient=a_patient(TOKEN))
    send("KND", death=a_record("death", death_date="2025-05-01"))
    found = rows(
        "SELECT site.code, finding FROM query q JOIN site ON site.id = q.site_id WHERE q.rule = 'Q28'"
    )
    told = [row for row in found if "reported an earlier death" in str(row.finding)]
    assert [row.code for row in told] == ["OSA"]


def test_another_year_of_birth_under_one_token_asks_both_and_a_correction_settles_it(send, rows):
    def doubts():
        found = rows("SELECT finding FROM query WHERE rule = 'Q28' AND state = 'open'")
        return ["another sex or year" in str(row.finding) for row in found]

    send("KND", patient=a_patient(TOKEN, birth="1957"))
    send("OSA", patient=a_patient(TOKEN, birth="1975"))
    assert doubts() == [True, True]
    send("OSA", patient=a_patient(TOKEN, birth="1957"))
    assert doubts() == [False, False]


@pytest.mark.parametrize(
    "consent",
    [
        {"scopes": ["registry_use"]},
        {"scopes": ["linkage"], "withdrawal": {"level": "stop_use_of_existing", "date": "2026-01-01"}},
    ],
)
def test_without_the_patients_leave_nothing_is_compared(send, asked, consent):
    send(
        "KND",
        patient=a_patient(TOKEN),
        consent=[a_record("consent", version="1", date="2025-01-01", **consent)],
    )
    send("OSA", patient=a_patient(TOKEN))
    assert asked() == []


def test_deriving_anew_asks_the_same(registry, send, asked, rows):
    send("KND", patient=a_patient(TOKEN))
    send("OSA", patient=a_patient(TOKEN))
    with registry.work() as work:
        rederive(work, registry.settings, [row.id for row in rows('SELECT id FROM "case"')])
    assert asked() == [("KND", "open"), ("OSA", "open")]


def test_a_dry_run_is_no_oracle(registry, send, sites):
    send("KND", patient=a_patient(TOKEN))
    body = {"case": "X", "recorded_at": "2026-03-04T09:00:00Z", "forms": {"patient": a_patient(TOKEN)}}
    with registry.work() as work:
        found = dry_run(work, registry.settings, site_id=sites["OSA"], body=orjson.dumps(body))
    assert "Q28" not in {one["rule"] for one in found["findings"]}


def test_a_chunk_without_tokens_asks_the_database_nothing_more(registry, store, the_registry):
    said = []

    def listen(conn, cursor, statement, *_):
        said.append(statement)

    event.listen(the_registry.engine, "before_cursor_execute", listen)
    try:
        run_chunk(registry.work, registry.settings, [store("KND", patient=a_patient())])
    finally:
        event.remove(the_registry.engine, "before_cursor_execute", listen)
    assert said
    assert not [one for one in said if "linkage @>" in one]


def test_the_index_is_used(registry, rows, sites):
    with registry.work() as work:
        work.session.execute(
            text(
                'INSERT INTO "case" (site_id, pseudonym, linkage) '
                "SELECT :site, n::text, ARRAY['k1:' || n] FROM generate_series(1, 5000) n"
            ),
            {"site": sites["KND"]},
        )
        work.session.execute(text('ANALYZE "case"'))
        plan = work.session.execute(
            text("EXPLAIN SELECT id FROM \"case\" WHERE linkage @> ARRAY['k1:77'] AND site_id <> 2 LIMIT 20")
        )
        assert "ix_case_linkage" in "\n".join(row[0] for row in plan)
