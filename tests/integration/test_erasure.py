"""Erasing a case leaves a tombstone and nothing of the patient; the proof is a search, and finds what was planted."""

import base64
import gzip
import io
import zipfile
from datetime import date
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from cli.main import app
from registry.errors import Conflict, NotFound
from registry.pipeline import report_life
from registry.pipeline.erase import erase
from registry.pipeline.export import export
from registry.pipeline.prove import prove
from registry.pipeline.report import build
from tests.factories import a_course, a_state, a_submission, ndjson
from tests.roles import at_the_desk

CASE, OTHER = "CANARY-7731", "KND-0002"
WORDS = "flamingo beside the second window"
CONSENT = {"consent_type": "written", "version": "1", "date": "2025-01-02", "scopes": ["registry_use"]}
ERASE = {**CONSENT, "withdrawal": {"level": "erase", "date": "2026-03-01"}}


@pytest.fixture
def told(registry, api, decide):
    """Two cases, one with words; a locked report that counts both, an export; then the one is withdrawn for erasure."""

    def send(document, **headers):
        where = api.post("/v1/submissions", json=document, headers=headers).headers["location"]
        decide()
        assert api.get(where).json()["state"] == "accepted", api.get(where).json()["findings"]
        return where

    forms = {**a_course(), "function": [a_state(note=WORDS, ecog=0, kps=70)], "consent": [CONSENT]}
    first = send(a_submission(CASE, forms=forms), **{"Idempotency-Key": f"about {CASE}"})
    send(a_submission(OTHER, forms={**a_course(), "function": [a_state(ecog=0, kps=70)]}))
    query = api.get("/v1/queries").json()["queries"][0]["id"]
    api.post(f"/v1/queries/{query}/answer", json={"text": WORDS})
    with registry.work() as work:
        number = build(work, registry.settings, audience="staff", trigger="test")[0].number
        report_life.lock(work, report_life.the_report(work, number), actor="test", why="for this test")
    send(
        a_submission(CASE, recorded_at="2026-03-06T00:00:00Z", reason="withdrawn", forms={"consent": [ERASE]})
    )
    return first


@pytest.fixture
def take_out(registry):
    """Erase the case; gives what is known of it."""

    def now(name=CASE, site=None, asked=False):
        with registry.work() as work:
            return erase(work, registry.settings, name, site=site, why="a letter", asked=asked, actor="test")

    return now


@pytest.fixture
def search(registry):
    """Look for an erased case; gives the lines of the proof with a verdict."""

    def now(erased, verdict="found", paths=(), backups=None):
        found = prove(registry.work, erased, registry.redis(), paths=paths, backups=backups, actor="test")
        assert not [
            one for one in found if CASE in str(one) or WORDS in str(one)
        ]  # it does not tell what it looks for
        return [one for one in found if one.verdict == verdict]

    return now


def test_its_key_and_its_rows_are_gone_and_another_case_is_as_it_was(registry, api, told, take_out, rows):
    before = api.get(f"/v1/cases/{OTHER}").json()
    done = take_out()
    assert (done.submissions, done.records > 3, done.queries > 0) == (2, True, True)
    assert api.get(f"/v1/cases/{CASE}").status_code == 404
    assert api.get(f"/v1/cases/{OTHER}").json() == before
    (tombstone,) = rows("SELECT wrapped, destroyed_at FROM data_key WHERE name = :name", name=done.tombstone)
    assert (tombstone.wrapped, tombstone.destroyed_at) == (None, done.at)
    receipt = api.get(told).json()
    assert (receipt["case"], receipt["content_hash"], receipt["effect"]) == (None, "", None)
    assert [one["rule"] for one in receipt["findings"]] == ["erased"]


def test_what_comes_later_is_refused_and_not_kept(api, told, take_out, decide, rows):
    take_out()
    where = api.post("/v1/submissions", json=a_submission(CASE)).headers["location"]
    decide()
    receipt = api.get(where).json()
    assert (receipt["state"], receipt["findings"][0]["rule"]) == ("rejected", "erased")
    assert rows("SELECT count(*) FROM submission WHERE pseudonym = :case", case=CASE) == [(0,)]


def test_what_waited_is_refused_too(api, told, take_out, decide):
    where = api.post("/v1/submissions", json=a_submission(CASE, recorded_at="2026-03-07T00:00:00Z")).headers[
        "location"
    ]
    take_out()
    decide()
    assert api.get(where).json()["state"] == "rejected"


def test_nobody_is_erased_who_did_not_ask(told, take_out, rows):
    with pytest.raises(Conflict, match="--without-withdrawal"):
        take_out(OTHER)
    assert take_out(OTHER, asked=True).records > 0
    with pytest.raises(NotFound):
        take_out("KND-0003", site="KND")


def test_the_report_that_counts_it_is_flagged_and_not_rewritten(registry, told, take_out, rows):
    before = rows("SELECT name, sha256, content FROM report_file ORDER BY name")
    take_out()
    take_out(OTHER, asked=True)
    assert rows("SELECT w.level, count(*) FROM report_withdrawal JOIN withdrawal w ON w.id = withdrawal_id WHERE w.lifted_at IS NULL GROUP BY w.level") == [("erase", 2)]  # fmt: skip
    assert rows("SELECT name, sha256, content FROM report_file ORDER BY name") == before


def test_a_draft_that_counts_it_is_deleted_with_its_snapshot(registry, told, take_out, search, rows):
    with registry.work() as work:
        build(work, registry.settings, audience="staff", trigger="test", cutoff=date(2025, 12, 1))
        draft = build(work, registry.settings, audience="staff", trigger="test")[0].number
    assert [
        row.count for row in rows("SELECT count(*) FROM report UNION ALL SELECT count(*) FROM snapshot")
    ] == [3, 3]
    done = take_out(OTHER, asked=True)
    assert (done.drafts, search(done)) == (2, [])
    assert rows("SELECT state FROM report") == [("locked",)]
    assert rows("SELECT count(*) FROM snapshot") == [(1,)]
    assert draft == 3


class TestProof:
    def test_finds_nothing_and_says_what_is_kept_and_what_was_not_reached(
        self, registry, told, take_out, search, tmp_path
    ):
        with registry.work() as work:
            export(work, registry.settings, format_name="csv", out=tmp_path / "export", actor="test")
        done = take_out(OTHER, asked=True)
        manifest = tmp_path / "backups.csv"
        manifest.write_text(
            f"name,made_at,kept_until\nearly,2020-01-01,2030-01-01\nnow,{done.at.isoformat()},2027-01-01\n"
        )
        assert search(done) == []
        kept = search(done, "kept")
        assert {one.where.partition(" of report ")[0] for one in kept} == {
            "table event, detail",
            "table snapshot, content",
        }
        beyond = "\n".join(one.where for one in search(done, "not reached", backups=manifest))
        for place in ("export of", "backup now", "write-ahead log", "logs"):
            assert place in beyond
        assert "backup early" not in beyond  # from before the case was there

    def test_can_be_made_again_later_from_the_pseudonym_alone(self, told, take_out, search):
        take_out()
        again = take_out(site="KND")
        assert (again.submissions, search(again)) == (0, [])

    def test_before_erasure_everything_is_found(self, registry, told, take_out, search):
        """The same search on the same rows, one step earlier: it can fail."""
        with registry.work() as work:
            done = erase(work, registry.settings, CASE, site=None, why="x", asked=False, actor="test")
            work.session.rollback()
        where = {one.where for one in search(done)}
        assert {"table case, pseudonym", "table submission, pseudonym", "table submission, what is sealed",
                "table submission, idempotency_key", "table record, what is sealed"} <= where  # fmt: skip

    @pytest.mark.parametrize(
        ("planted", "where"),
        [
            ("UPDATE batch SET name = '{case}.csv'", "table batch, name"),
            ("UPDATE batch SET notes = '[{{\"message\": \"{words}\"}}]'", "table batch, notes"),
            ("INSERT INTO event (actor, action, subject, detail) VALUES ('x', 'y', 'z', '{{\"case\": \"{case}\"}}')", "table event, detail"),
            ("UPDATE submission SET error = 'at {case}' WHERE pseudonym = 'KND-0002'", "table submission, error"),
            ("UPDATE query SET finding = '{{\"said\": [\"{words}\"]}}'", "table query, finding"),
        ],
    )  # fmt: skip
    def test_finds_what_was_planted_in_a_table(self, api, told, take_out, search, rows, planted, where):
        batch = ndjson([a_submission("KND-0003")])
        api.post("/v1/batches", content=batch, headers={"Content-Type": "application/x-ndjson"})
        done = take_out()
        rows(f"WITH x AS (SELECT 1) {planted.format(case=CASE, words=WORDS)} RETURNING 1")
        assert [one.where for one in search(done)] == [where]

    def test_finds_it_in_the_sealed_words_of_another_case(self, api, told, take_out, search, decide):
        forms = {"function": [a_state(note=f"the same patient as {CASE}", ecog=1, kps=70)]}
        api.post("/v1/submissions", json=a_submission("KND-0003", forms=forms))
        decide()
        assert {one.where for one in search(take_out())} == {
            "table record, what is sealed", "table submission, what is sealed",
        }  # fmt: skip

    @pytest.mark.parametrize("kind", ["string", "list", "hash", "set", "zset", "stream", "key", "message"])
    def test_finds_it_in_the_queue(self, registry, told, take_out, search, kind):
        redis, value = registry.redis(), f"x {CASE} y"
        message = orjson.dumps({"body": base64.b64encode(orjson.dumps([[[value]], {}, {}])).decode()})
        {
            "string": lambda: redis.set("k", value), "list": lambda: redis.lpush("k", value),
            "hash": lambda: redis.hset("k", "f", value), "set": lambda: redis.sadd("k", value),
            "zset": lambda: redis.zadd("k", {value: 1}), "stream": lambda: redis.xadd("k", {"f": value}),
            "key": lambda: redis.set(value, "1"), "message": lambda: redis.lpush("k", message),
        }[kind]()  # fmt: skip
        assert [one.where for one in search(take_out())] == ["queue"]

    def test_finds_it_in_files_also_packed_ones(self, told, take_out, search, tmp_path):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("cases.csv", f"case\n{CASE}\n")
        for name, content in {
            "api.log": f"request {CASE}\n".encode(), "old.log.gz": gzip.compress(WORDS.encode()),
            "export.zip": packed.getvalue(), "clean.log": f"{CASE}9 is another case".encode(),
        }.items():  # fmt: skip
            (tmp_path / name).write_bytes(content)
        done = take_out()
        names = {Path(one.where.removeprefix("file ")).name for one in search(done, paths=[tmp_path])}
        assert names == {"api.log", "old.log.gz", "export.zip"}
        assert not [one for one in search(done, "not reached", paths=[tmp_path]) if one.where == "logs"]

    def test_is_noted_in_the_trail(self, told, take_out, search, rows):
        search(take_out())
        erased, searched = rows(
            "SELECT action, subject, detail FROM event WHERE action LIKE 'case.eras%' ORDER BY id"
        )
        assert (erased.action, searched.action) == ("case.erased", "case.erasure_searched")
        assert erased.subject == searched.subject
        assert CASE not in str((erased, searched))


def test_at_the_command_line(registry, told, tmp_path, monkeypatch):
    at_the_desk(monkeypatch, registry, "auditor")
    log = tmp_path / "api.log"
    log.write_text(f"at {CASE}")
    typed = ["case", "erase", CASE, "--site", "KND", "--why", "letter", "--prove"]
    run = CliRunner()
    assert run.invoke(app, typed, input="n\n").exit_code == 1
    with registry.work() as work:
        assert work.session.execute(text('SELECT count(*) FROM "case"')).scalar_one() == 2
    done = run.invoke(app, [*typed, "--yes", "--json", "--in", str(log)])
    assert done.exit_code == 1, done.output  # for what the log holds
    log.unlink()
    proof = orjson.loads(done.stdout)
    assert proof["submissions"] == 2
    assert [one["where"] for one in proof["proof"] if one["verdict"] == "found"] == [f"file {log}"]
    again = run.invoke(app, [*typed, "--yes"])
    assert again.exit_code == 0, again.output
    assert "was erased on" in again.stdout
    assert "not reached" in again.stdout
