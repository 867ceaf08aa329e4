"""At rest nothing of a hospital's own words is readable, every reader opens them again, and keys can be rotated."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from pydantic import SecretStr
from sqlalchemy import event, inspect, text
from typer.testing import CliRunner

from cli.main import app
from registry.domain.words import plan
from registry.errors import Damaged, MasterKeyUnknown
from registry.pipeline import queries
from registry.pipeline.cases import history, show_case
from registry.pipeline.chunk import run_chunk
from registry.pipeline.intake import checked
from registry.pipeline.rotate import rotate
from registry.pipeline.sealed import payload_of, store_sealed
from registry.sealing import Keyring, in_base64, new_secret
from registry.wiring import keyring
from tests.factories import a_record, a_submission, many, ndjson
from tests.integration.conftest import served
from tests.roles import at_the_desk

WORDS = "zebrafish in the waiting room"  # no word of the registry's own, and of no patient

EXAMPLE = orjson.loads(Path(__file__).parents[2].joinpath("docs/example-case.json").read_bytes())
MORE = {
    "systemic_therapy": [a_record("systemic_therapy", therapy_id="C-1", tumour_response={})],
    "surgery": [a_record("surgery", surgery_id="OP-1")],
    "intervention": [a_record("intervention", type="nerve_block", date="2023-06-01")],
}


def in_own_words(where: Any, value: Any) -> Any:
    """A record with the words wherever a text stands or could stand beside what is there."""
    if where is None:
        return WORDS
    if isinstance(value, list):
        return [in_own_words(where, one) for one in value]
    found = dict(value)
    for name, deeper in where.items():
        if name != "retracted" and (deeper is None or name in value):
            found[name] = in_own_words(deeper, value.get(name))
            found.get("missing", {}).pop(name, None)
    return found


SPOKEN = {form: in_own_words(plan(form), content) for form, content in (EXAMPLE["forms"] | MORE).items()}


@pytest.fixture
def told(registry, api, decide) -> str:
    """A case full of words, corrected with a reason and with a query that was answered; gives the query's id."""
    for document in (
        {**EXAMPLE, "forms": SPOKEN},
        a_submission(EXAMPLE["case"], recorded_at="2026-06-01T00:00:00Z", reason=WORDS, forms={
            "function": [{**SPOKEN["function"][0], "retracted": WORDS}],
            "primary_cancer": [{**SPOKEN["primary_cancer"][0], "dx_date": "2023-08-01"}],
        }),
    ):  # fmt: skip
        where = api.post("/v1/submissions", json=document).headers["location"]
        decide()
        found = api.get(where).json()
        assert found["state"] == "accepted", found["findings"]
    query = api.get("/v1/queries").json()["queries"][0]["id"]
    assert api.post(f"/v1/queries/{query}/answer", json={"text": WORDS}).status_code == 200
    batch = f"case,recorded_at,assess_date,note\nKND-9,2026-03-04T09:12:00Z,nonsense,{WORDS}\n"
    api.post("/v1/batches", content=batch, headers={"Content-Type": "text/csv"})
    broken = b'{"case": "%s' % WORDS.encode()
    api.post("/v1/batches", content=broken, headers={"Content-Type": "application/x-ndjson"})
    decide()
    return query


def everything(registry) -> list[tuple[str, str, bytes]]:
    """Every value of every column of every table as bytes."""
    found = []
    with registry.engine.connect() as connection:
        for table in inspect(registry.engine).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                for column, value in row.items():
                    raw = value if isinstance(value, bytes) else orjson.dumps(value, default=str)
                    found.append((table, column, raw))
    return found


def test_the_database_holds_no_words_in_the_open(registry, told):
    stored = everything(registry)
    assert {"payload", "source", "sealed"} <= {column for _, column, _ in stored}
    assert {(table, column) for table, column, raw in stored if b"zebrafish" in raw} == set()


def test_every_reader_has_them_again(registry, api, told):
    case = api.get(f"/v1/cases/{EXAMPLE['case']}").json()
    assert orjson.dumps(case["forms"]).count(WORDS.encode()) > 20
    past = api.get(f"/v1/cases/{case['registry_id']}/history").json()
    assert {one["reason"] for one in past["versions"]} == {None, WORDS}
    (query,) = api.get("/v1/queries", params={"state": "answered"}).json()["queries"]
    assert [entry.get("text") for entry in query["history"]] == [None, WORDS]


def test_each_case_has_a_key_of_its_own(registry, told, rows):
    (first,) = rows("SELECT count(DISTINCT substring(payload FROM 6 FOR 16)) AS keys, count(*) FROM submission WHERE pseudonym = :case", case=EXAMPLE["case"])  # fmt: skip
    assert (first.keys, first.count) == (1, 2)
    (both,) = rows("SELECT count(DISTINCT substring(payload FROM 6 FOR 16)) AS keys FROM submission")
    assert both.keys == 3


def test_a_value_that_was_moved_to_another_row_is_told_from_its_own(registry, told, rows):
    """Although both are of one case and sealed with one key."""
    rows(
        "UPDATE record SET sealed = (SELECT sealed FROM record WHERE form = 'function' LIMIT 1) RETURNING id"
    )
    with registry.work() as work, pytest.raises(Damaged):
        history(work, EXAMPLE["case"], site_id=None, actor="test")
    rows("UPDATE submission SET payload = (SELECT payload FROM submission ORDER BY id LIMIT 1) RETURNING id")
    first, second, *_ = rows("SELECT id, payload FROM submission ORDER BY id")
    with registry.work() as work:
        assert payload_of(work.keys, first)
        with pytest.raises(Damaged):
            payload_of(work.keys, second)


def with_keys(registry, *secrets):
    """The registry of a process that was started with these master keys."""
    keys = SecretStr("\n".join(map(in_base64, secrets)))
    return replace(registry, settings=registry.settings.model_copy(update={"master_key": keys}))


def master_key_of(registry):
    """The one that the registry of the tests was made with."""
    return keyring(registry.settings).first


class TestTheMasterKey:
    NEW = new_secret()

    @pytest.fixture(autouse=True)
    def _back_to_the_old_one(self, registry):
        yield
        rotate(with_keys(registry, master_key_of(registry).secret, self.NEW).work, actor="test")

    def test_a_wrong_one_is_told_at_once_and_nothing_is_lost(self, registry, told):
        with pytest.raises(MasterKeyUnknown, match=master_key_of(registry).id):
            with_keys(registry, self.NEW).vault  # noqa: B018
        with registry.work() as work:
            assert show_case(work, registry.settings, EXAMPLE["case"], site_id=None, actor="test")["forms"]

    def test_the_worker_waits_for_the_right_one(self, registry, api, rows):
        api.post("/v1/submissions", json=a_submission())
        (row,) = rows("SELECT id FROM submission")
        rotate(with_keys(registry, self.NEW, master_key_of(registry).secret).work, actor="test")
        for _ in range(registry.settings.max_attempts + 1):  # a worker that was started before the rotation
            with pytest.raises(MasterKeyUnknown):
                run_chunk(registry.work, registry.settings, [row.id])
        assert rows("SELECT state, attempts FROM submission") == [("received", 0)]
        assert run_chunk(with_keys(registry, self.NEW).work, registry.settings, [row.id]) == 1

    def test_the_intake_says_that_it_is_not_there(self, registry, api):
        api.post("/v1/submissions", json=a_submission())
        rotate(with_keys(registry, self.NEW, master_key_of(registry).secret).work, actor="test")
        with served(registry) as url:  # an API that was started with the old key alone
            head = api.headers["authorization"]
            refused = httpx.post(
                f"{url}/v1/submissions", json=a_submission(), headers={"Authorization": head}, trust_env=False
            )
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (503, "master_key")

    def test_rotation_goes_on_where_it_was_interrupted(self, registry, api, decide, rows, monkeypatch):
        old = master_key_of(registry).secret
        api.post("/v1/batches", content=ndjson(many(20)), headers={"Content-Type": "application/x-ndjson"})
        monkeypatch.setattr("registry.pipeline.rotate.PORTION", 6)
        both = with_keys(registry, self.NEW, old)

        def stop(_count):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            rotate(both.work, actor="test", advance=stop)
        assert sorted(row.keys for row in rows("SELECT count(*) AS keys FROM data_key GROUP BY master")) == [
            6,
            14,
        ]
        ids = [row.id for row in rows("SELECT id FROM submission ORDER BY id")]
        assert run_chunk(both.work, registry.settings, ids[:10]) == 10  # under either key
        assert rotate(both.work, actor="test") == 14
        assert rotate(both.work, actor="test") == 0
        alone = with_keys(registry, self.NEW)
        assert run_chunk(alone.work, registry.settings, ids[10:]) == 10
        assert rows(
            "SELECT subject, detail->>'keys' AS keys FROM event WHERE action = 'master_key.rotated'"
        ) == [(master_key_of(alone).id, "14")]

    def test_submissions_go_on_meanwhile(self, registry, api, rows, monkeypatch):
        monkeypatch.setattr("registry.pipeline.rotate.PORTION", 5)
        both = with_keys(registry, self.NEW, master_key_of(registry).secret)
        api.post("/v1/batches", content=ndjson(many(60)), headers={"Content-Type": "application/x-ndjson"})
        ids = [row.id for row in rows("SELECT id FROM submission ORDER BY id")]
        decided = []
        worker = threading.Thread(
            target=lambda: decided.extend(
                run_chunk(both.work, both.settings, ids[start : start + 10]) for start in range(0, 60, 10)
            )
        )
        worker.start()
        done = sum(rotate(both.work, actor="test") for _ in range(3))
        worker.join()
        assert (sum(decided), done) == (60, 61)  # the sixty cases, and the secret of the names
        with with_keys(registry, self.NEW).work() as work:
            for row in work.session.execute(text("SELECT id, payload FROM submission")).all():
                assert payload_of(work.keys, row)

    def test_at_the_command_line(self, registry, told, tmp_path, monkeypatch):
        at_the_desk(monkeypatch, registry, "auditor")
        ring = tmp_path / "ring"
        ring.write_text(f"{in_base64(self.NEW)}\n{in_base64(master_key_of(registry).secret)}\n")
        monkeypatch.setenv("MPS_MASTER_KEY_FILE", str(ring))
        run = CliRunner()
        done = run.invoke(app, ["master-key", "rotate"])
        assert done.exit_code == 0, done.output
        assert "4 keys are wrapped anew" in done.stdout
        (first, second) = orjson.loads(run.invoke(app, ["master-key", "list", "--json"]).stdout)[
            "master_keys"
        ]
        assert (first["in_force"], first["wraps"], second["wraps"]) == (True, 4, 0)
        ring.write_text(in_base64(self.NEW))
        shown = run.invoke(app, ["case", "history", EXAMPLE["case"], "--json"])
        assert WORDS in shown.stdout


def test_a_new_master_key_is_one_that_is_taken():
    made = [CliRunner().invoke(app, ["master-key", "new"]).stdout for _ in range(2)]
    assert made[0] != made[1]
    assert len(Keyring.read("".join(made)).keys) == 2


def test_words_about_a_query_can_not_be_moved_either(registry, told, rows):
    rows("UPDATE query SET id = gen_random_uuid() WHERE id = :id RETURNING id", id=told)
    with registry.work() as work, pytest.raises(Damaged):
        queries.list_queries(work, site_id=None)


class TestRememberedKeys:
    """What a process remembers spares a round trip, and decides nothing."""

    @pytest.fixture(autouse=True)
    def nothing_is_remembered_from_an_earlier_test(self, registry):
        registry.vault.forget(registry.vault.case((1, case)) for case in ("KND-0001", "KND-0002"))

    @pytest.fixture
    def send(self, registry, key):
        def store(*documents, idempotency=None):
            with registry.work() as work:
                found = [
                    checked(
                        orjson.dumps(one),
                        registry.settings,
                        correlation_id="test",
                        idempotency_key=idempotency,
                    )
                    for one in documents
                ]
                return store_sealed(work, found, site_id=1, patience=20)

        return store

    def test_a_new_case_costs_one_statement_and_so_does_its_next_message(self, registry, send):
        seen: list[str] = []

        def see(_connection, _cursor, statement, *_):
            seen.append(statement)

        event.listen(registry.engine, "before_cursor_execute", see)
        send(a_submission())
        send(a_submission(), a_submission("KND-0002"))
        event.remove(registry.engine, "before_cursor_execute", see)
        stored = [one for one in seen if "INSERT INTO submission" in one]
        assert len(stored) == 2
        assert not [one for one in seen if one not in stored and "data_key" in one]

    def test_a_case_of_another_process_gets_its_key(self, registry, send, rows):
        send(a_submission())
        registry.vault.forget([registry.vault.case((1, "KND-0001"))])
        assert len(send(a_submission(), a_submission("KND-0002"))) == 2
        assert rows("SELECT count(*) FROM data_key") == [(2,)]
        with registry.work() as work:
            for row in rows("SELECT id, payload FROM submission"):
                assert payload_of(work.keys, row)

    def test_of_several_processes_that_begin_with_a_case_one_makes_its_key(self, registry, send, rows):
        processes = [replace(registry) for _ in range(6)]
        registry.vault  # noqa: B018

        def first(one):
            with one.work() as work:
                found = checked(
                    orjson.dumps(a_submission()), one.settings, correlation_id="test", idempotency_key=None
                )
                store_sealed(work, [found], site_id=1, patience=20)

        threads = [threading.Thread(target=first, args=(one,)) for one in processes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert rows("SELECT count(*) FROM data_key") == [(1,)]
        with registry.work() as work:
            opened = [payload_of(work.keys, row) for row in rows("SELECT id, payload FROM submission")]
        assert opened == [orjson.dumps(a_submission())] * 6

    def test_a_key_that_was_destroyed_seals_nothing_any_more(self, registry, send, rows):
        send(a_submission())
        rows("UPDATE data_key SET wrapped = NULL, destroyed_at = now() RETURNING name")
        assert registry.vault.remembered(registry.vault.case((1, "KND-0001")))
        send(a_submission())
        (_, later) = rows("SELECT payload, pseudonym, content_hash, findings FROM submission ORDER BY id")
        assert (later.payload, later.pseudonym, later.content_hash) == (None, None, "")
        assert [one["rule"] for one in later.findings] == ["erased"]
        assert registry.vault.remembered(registry.vault.case((1, "KND-0001"))) is None

    def test_a_repeated_call_is_stored_once(self, send):
        assert len(send(a_submission(), idempotency="one")) == 1
        assert send(a_submission(), idempotency="one") == set()
