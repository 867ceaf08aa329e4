"""Exports attached to a staff report: the same cases, with checksum and snapshot, never replaced."""

import hashlib
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from cli.main import app
from registry.errors import Conflict, TooLarge, WrongUsage
from registry.pipeline import attachments
from registry.pipeline.intake import receive_one
from registry.pipeline.report import build
from registry.pipeline.report_life import thaw, the_report
from registry.pipeline.sites import the_site
from registry.store import reports
from registry.wiring import Registry
from tests.factories import a_course, a_submission
from tests.roles import at_the_desk

CUTOFF = date(2026, 1, 1)


@pytest.fixture
def filled(registry: Registry, key: str, decide) -> Registry:
    """A registry with two cases and a staff report of them, its first."""
    for case in ("KND-0001", "KND-0002"):
        send(registry, case)
    decide()
    assert report(registry, "staff") == 1
    return registry


def send(registry: Registry, case: str) -> None:
    with registry.work() as work:
        site_id = the_site(work, "KND").id
        assert site_id is not None
        body = json.dumps(a_submission(case, forms=a_course())).encode()
        receive_one(
            work, registry.settings, site_id=site_id, body=body, correlation_id="t", idempotency_key=None
        )


def report(registry: Registry, audience: str) -> int:
    with registry.work() as work:
        made, _ = build(work, registry.settings, audience=audience, trigger="test", cutoff=CUTOFF)
        return made.number


def attach(registry: Registry, number: int = 1, name: str = "csv", **how):
    return attachments.attach(registry.work, registry.settings, number, format_name=name, actor="test", **how)


def test_an_attachment_has_the_cases_of_its_report_though_more_came_since(filled, decide):
    send(filled, "KND-0003")
    decide()
    made = attach(filled)
    with filled.work() as work:
        frozen = thaw(work, the_report(work, 1))
        kept = reports.attachments(work.session, the_report(work, 1).id)
    assert made.facts["snapshot"] == frozen.rows_hash
    assert (made.facts["cases"], made.facts["cutoff"]) == (2, "2026-01-01")
    assert [(one.name, one.sha256) for one in kept] == [("csv.zip", hashlib.sha256(made.content).hexdigest())]
    with zipfile.ZipFile(io.BytesIO(made.content)) as packed:
        manifest = json.loads(packed.read("manifest.json"))
        assert manifest["snapshot"] == frozen.rows_hash
        for one in manifest["files"]:
            assert hashlib.sha256(packed.read(one["file"])).hexdigest() == one["sha256"]


def test_the_same_again_is_left_as_it_is(filled):
    assert attach(filled).sha256 == attach(filled).sha256
    with filled.work() as work:
        told = work.session.execute(
            text("SELECT actor, detail FROM event WHERE action = 'report.attached'")
        ).all()
    assert [(row.actor, row.detail["name"]) for row in told] == [("test", "csv.zip")]


def test_profiles_have_their_own_names_and_need_their_agreement(filled):
    with pytest.raises(WrongUsage, match="--agreement"):
        attach(filled, profile="limited")
    assert attach(filled, profile="limited", agreement="DUA 7/b").name == "csv-limited-DUA-7-b.zip"
    assert attach(filled, profile="safe-harbour").name == "csv-safe-harbour.zip"
    with filled.work() as work:
        exports = work.session.execute(
            text("SELECT detail->>'profile' FROM event WHERE action = 'export.made' ORDER BY id")
        ).scalars()
        assert list(exports) == ["limited", "safe-harbour"]


def test_what_cannot_be_attached_is_refused_and_leaves_nothing(filled, monkeypatch):
    with pytest.raises(WrongUsage, match="names no case"):
        attach(filled, report(filled, "public"))
    monkeypatch.setattr(attachments, "MOST_BYTES", 1_000)
    with pytest.raises(TooLarge, match="mps export"):
        attach(filled)
    monkeypatch.undo()
    with filled.engine.begin() as connection:  # as after a change of the rules
        connection.execute(
            text("""UPDATE "case" SET analysis = replace(analysis #>> '{}', 'left', 'right')::json""")
        )
    with pytest.raises(Conflict, match="build the report anew"):
        attach(filled)
    with filled.engine.connect() as connection:
        for table in ("report_attachment", "event WHERE action = 'export.made'"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0


def test_the_commands_attach_list_write_and_verify(filled, monkeypatch, tmp_path: Path):
    at_the_desk(monkeypatch, filled, "data_manager")
    run = CliRunner()
    built = run.invoke(
        app, ["report", "build", "--audience", "staff", "--cutoff", "2026-01-01", "--attach", "stata"]
    )
    assert built.exit_code == 0, built.output
    done = run.invoke(app, ["report", "attach", "2", "adam"])
    assert done.exit_code == 0, done.output
    shown = run.invoke(app, ["report", "show", "2", "--json"])
    listed = json.loads(shown.stdout)["attachments"]
    assert [one["name"] for one in listed] == ["adam.zip", "stata.zip"]
    assert run.invoke(app, ["report", "show", "2", "--out", str(tmp_path)]).exit_code == 0
    for one in listed:
        content = (tmp_path / "attachments" / one["name"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one["bytes"], one["sha256"])
    assert run.invoke(app, ["report", "verify", "2"]).exit_code == 0
    with filled.engine.begin() as connection:
        connection.execute(text("UPDATE report_attachment SET content = 'x' WHERE name = 'adam.zip'"))
    damaged = run.invoke(app, ["report", "verify", "2"])
    assert damaged.exit_code == 3
    assert "adam.zip: the stored file does not match" in damaged.output
