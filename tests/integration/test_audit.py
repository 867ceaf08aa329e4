"""The audit trail: who, when, what, before and after, for everything that is changed, read or taken out."""

import csv
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session
from typer.testing import CliRunner

from cli.main import app
from registry.pipeline.in_force import note_versions
from registry.pipeline.people import add_person
from registry.pipeline.queries import act
from registry.pipeline.sites import add_site, disable_site
from registry.pipeline.webhooks import register
from registry.store.database import create_engine
from registry.store.events import Wanted, latest
from registry.store.migrations import downgrade, upgrade
from tests.factories import a_course, a_state, a_submission
from tests.roles import at_the_desk

NOTE = "the patient walked with a stick"


@pytest.fixture
def told(registry):
    """The events of an action, oldest first."""

    def of(action, **more):
        with registry.work() as work:
            return latest(work.session, Wanted(action=action, **more), limit=1_000)[::-1]

    return of


@pytest.fixture
def me(key):
    return f"key:{key.split('_')[1]}"


@pytest.fixture
def accept(api, decide):
    """Send a document and decide it; gives its receipt."""

    def now(document):
        sent = api.post("/v1/submissions", json=document)
        decide()
        return api.get(sent.headers["location"]).json()

    return now


class TestWho:
    def test_sent_a_submission_is_its_key(self, accept, told, me):
        receipt = accept(a_submission())
        (event,) = told("submission.accepted")
        assert (event["subject"], event["actor"], event["detail"]["sender"]) == (
            receipt["id"],
            "registry",
            me,
        )
        assert event["detail"]["content"] == receipt["content_hash"]

    def test_sent_a_batch_is_its_key_also_where_it_was_refused(self, api, decide, told, me):
        api.post("/v1/batches", json=[a_submission(), {"case": "x"}])
        decide()
        assert {one["detail"]["sender"] for one in told("submission")} == {me}
        assert [one["action"] for one in told("submission")].count("submission.rejected") == 1

    def test_sent_a_file_at_the_command_line_is_the_person(
        self, registry, key, decide, told, monkeypatch, tmp_path
    ):
        at_the_desk(monkeypatch, registry, "data_manager")
        (tmp_path / "one.ndjson").write_text(json.dumps(a_submission()))
        done = CliRunner().invoke(app, ["submit", str(tmp_path / "one.ndjson"), "--site", "KND"])
        assert done.exit_code == 0, done.output
        decide()
        (event,) = told("submission.accepted")
        assert event["detail"]["sender"] == "user:a.data.manager"


class TestCorrection:
    def test_tells_the_version_before_and_after_and_no_value(self, accept, told, registry):
        accept(a_submission(forms={"function": [a_state(ecog=2)]}))
        accept(
            a_submission(
                recorded_at="2026-03-05T00:00:00Z", forms={"function": [a_state(ecog=3)]}, reason=NOTE
            )
        )
        first, second = told("submission.accepted")
        assert "corrected" not in first["detail"]
        (corrected,) = second["detail"]["corrected"]
        with registry.work() as work:
            hashes = list(work.session.execute(text("SELECT hash FROM record ORDER BY id")).scalars())
            everything = work.session.execute(
                text("SELECT string_agg(e::text, ' ') FROM event e")
            ).scalar_one()
        assert corrected == {"form": "function", "before": hashes[0], "after": hashes[1]}
        assert NOTE not in everything

    def test_needs_a_reason(self, accept):
        accept(a_submission())
        again = a_submission(recorded_at="2026-03-05T00:00:00Z", forms={"function": [a_state(ecog=3)]})
        refused = accept(again)
        assert refused["state"] == "rejected"
        assert "reason" in json.dumps(refused["findings"])


class TestChange:
    def test_of_a_site(self, registry, key, told):
        with registry.work() as work:
            disable_site(work, "KND", actor="user:boss")
        added, disabled = told("site")
        assert added["detail"]["after"] == {"name": "Kindai", "country": "JP", "timezone": "Asia/Tokyo"}
        assert disabled["detail"] == {"before": {"active": True}, "after": {"active": False}}

    def test_of_a_key(self, key, told, me):
        (issued,) = told("key.issued")
        assert issued["subject"] == me.removeprefix("key:")
        assert issued["detail"]["scopes"] == ["query", "read", "report", "submit"]

    def test_of_a_webhook_without_what_may_be_a_secret(self, registry, key, told):
        settings = registry.settings.model_copy(update={"webhook_private_hosts": ("localhost",)})
        for path in ("one?token=abc", "two"):
            with registry.work() as work:
                register(work, settings, "KND", f"http://localhost:9/{path}", actor="user:boss")
        assert [one["detail"] for one in told("webhook")] == [
            {"before": None, "after": "http://localhost:9/one"},
            {"before": "http://localhost:9/one", "after": "http://localhost:9/two"},
        ]

    def test_of_a_query(self, registry, accept, told, api, me):
        accept(a_submission(forms={"function": [a_state(ecog=0, kps=70)], **a_course()}))
        (query,) = api.get("/v1/queries", params={"rule": "Q47"}).json()["queries"]
        api.post(f"/v1/queries/{query['id']}/answer", json={"text": NOTE})
        with registry.work() as work:
            act(work, query["id"], "close", NOTE, site_id=None, actor="user:a.monitor")
        found = told("query", subject=query["id"])
        assert [(one["action"], one["actor"]) for one in found] == [
            ("query.opened", "registry"),
            ("query.answer", me),
            ("query.close", "user:a.monitor"),
        ]
        assert found[-1]["detail"] == {"before": "answered", "after": "closed"}
        assert NOTE not in str(found)

    def test_of_rules_tables_and_thresholds(self, registry, told):
        changed = registry.settings.model_copy(
            update={"opioid_table": "CDC-2022", "limits": {"age_max_a": 95}}
        )
        for settings in (registry.settings, registry.settings, changed):
            with registry.work() as work:
                note_versions(work, settings)
        first, second = told("versions.changed")
        assert first["detail"]["before"] is None
        assert second["detail"]["before"] == first["detail"]["after"]
        after = second["detail"]["after"]
        assert (first["detail"]["after"]["opioid table"], after["opioid table"]) == ("MPS-OME-1", "CDC-2022")
        assert after["rules"]

    def test_of_the_schema(self, empty_database):
        engine = create_engine(empty_database)
        upgrade(engine)
        downgrade(engine, "-1")
        upgrade(engine)
        with Session(engine) as session:
            event, _ = latest(session, Wanted(action="schema.upgraded"), limit=2)
        engine.dispose()
        assert event["actor"] == "database owner"
        assert event["detail"]["before"] != event["detail"]["after"] == event["subject"]


def test_reading_a_case_or_a_batch_is_told(api, accept, decide, told, me):
    accept(a_submission())
    api.get("/v1/cases/KND-0001")
    api.get("/v1/cases/KND-0001/history")
    table = api.post(
        "/v1/batches", content=b"case,recorded_at,form\nx,y,z\n", headers={"Content-Type": "text/csv"}
    )
    api.get(f"{table.headers['location']}/errors.csv")
    read = [one for one in told(None) if one["action"].endswith("read")]
    assert [one["action"] for one in read] == ["case.read", "case.history_read", "batch.read"]
    assert {one["actor"] for one in read} == {me}


class TestShow:
    @pytest.fixture
    def trail(self, registry, key):
        """Events of two sites and of none."""
        with registry.work() as work:
            add_site(work, "BOS", "=Boston", country="US", timezone="America/New_York", actor="user:boss")
            add_person(work, "m.takamatsu", "monitor", site=None, days=1, actor="user:boss")

    @pytest.mark.parametrize(
        ("wanted", "actions"),
        [
            ({"action": "site"}, ["site.added", "site.added"]),
            ({"action": "site."}, ["site.added", "site.added"]),
            ({"action": "sit"}, []),
            ({"action": "site.added", "site": "BOS"}, ["site.added"]),
            ({"subject": "m.takamatsu"}, ["user.added"]),
            ({"actor": "user:boss"}, ["site.added", "user.added", "key.issued"]),
            ({"since": datetime.now(UTC) + timedelta(days=1)}, []),
            ({"until": datetime(2020, 1, 1, tzinfo=UTC)}, []),
            ({"site": "NOWHERE"}, []),
        ],
    )
    def test_finds_what_is_asked_for(self, registry, trail, wanted, actions):
        with registry.work() as work:
            found = latest(work.session, Wanted(**wanted), limit=100)[::-1]
        assert [one["action"] for one in found] == actions

    def test_tells_the_time_at_the_site_too(self, registry, trail, told):
        tokyo, boston = told("site.added")
        assert (tokyo["zone"], boston["zone"]) == ("Asia/Tokyo", "America/New_York")
        ahead = datetime.fromisoformat(tokyo["local"]) - tokyo["at"].replace(tzinfo=None, microsecond=0)
        assert ahead == timedelta(hours=9)

    def test_is_exported_with_a_checksum_and_told(self, registry, trail, told, monkeypatch, tmp_path):
        at_the_desk(monkeypatch, registry, "auditor")
        run = CliRunner()
        for name in ("trail.csv", "trail.ndjson"):
            done = run.invoke(app, ["audit", "export", "--out", str(tmp_path / name), "--action", "site"])
            assert done.exit_code == 0, done.output
        with (tmp_path / "trail.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        lines = [json.loads(line) for line in (tmp_path / "trail.ndjson").read_text().splitlines()]
        assert [row["subject"] for row in rows] == [line["subject"] for line in lines] == ["KND", "BOS"]
        assert json.loads(rows[1]["detail"]) == lines[1]["detail"]
        assert [one["actor"] for one in told("audit.exported")] == ["user:a.auditor"] * 2
        again = run.invoke(app, ["audit", "export", "--out", str(tmp_path / "trail.csv")])
        assert "name another file" in str(again.exception)
