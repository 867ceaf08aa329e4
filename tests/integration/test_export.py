"""mps export on a real database."""

import csv
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from cli.main import app
from registry.domain.literature.published import published_cases
from registry.errors import WrongUsage
from registry.pipeline import export as steps
from registry.pipeline.intake import receive_one
from registry.pipeline.sites import add_site, the_site
from registry.pipeline.study import take_snapshot
from registry.wiring import Registry
from tests.factories import a_course, a_submission
from tests.roles import at_the_desk

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "golden/export_cases/cases.ndjson")
    .read_text("utf-8")
    .splitlines()
]


@pytest.fixture
def filled(registry: Registry, decide: Callable[[], int]) -> Registry:
    """A registry with the frozen and the published cases."""
    with registry.work() as work:
        for code in sorted({one["site"] for one in CASES} | {"LIT"}):
            add_site(work, code, f"Hospital {code}", country="JP", timezone="Asia/Tokyo", actor="test")
    for one in CASES:
        send(registry, one["site"], one["submission"])
    for document in published_cases():
        send(registry, "LIT", document)
    decide()
    with registry.work() as work:
        states = work.session.execute(text("SELECT state, count(*) FROM submission GROUP BY state")).all()
    assert [tuple(row) for row in states] == [("accepted", len(CASES) + 3)]
    return registry


def send(registry: Registry, site: str, document: dict[str, Any]) -> None:
    with registry.work() as work:
        body = json.dumps(document).encode()
        site_id = the_site(work, site).id
        assert site_id is not None
        receive_one(
            work, registry.settings, site_id=site_id, body=body, correlation_id="t", idempotency_key=None
        )


def export(
    registry: Registry, out: Path, name: str = "csv", **how: Any
) -> tuple[steps.Exported, dict[str, Any]]:
    with registry.work() as work:
        made = steps.export(work, registry.settings, format_name=name, out=out, actor="test", **how)
    return made, json.loads((out / "manifest.json").read_bytes())


def rows(out: Path, table: str = "cases") -> list[dict[str, str]]:
    with (out / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_manifest_fits_the_files_and_the_snapshot_of_a_report(filled: Registry, tmp_path: Path) -> None:
    cutoff, as_of = date(2026, 6, 1), datetime.now(UTC)
    made, manifest = export(filled, tmp_path, cutoff=cutoff)
    with filled.work() as work:
        snapshot = take_snapshot(work, filled.settings, cutoff=cutoff, as_of=as_of, audience="staff")
    assert manifest["snapshot"] == made.snapshot == snapshot.rows_hash
    assert (manifest["cases"], manifest["cutoff"], manifest["withheld"]) == (7, "2026-06-01", {})
    assert manifest["versions"] == dict(snapshot.versions)
    for one in manifest["files"]:
        content = (tmp_path / one["file"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one["bytes"], one["sha256"])
    assert [row["case"] for row in rows(tmp_path)] == sorted(row["case"] for row in rows(tmp_path))


def test_pages_do_not_change_what_is_exported(
    filled: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    how = {"cutoff": date(2026, 6, 1), "as_of": datetime.now(UTC)}
    _, whole = export(filled, tmp_path / "whole", **how)
    monkeypatch.setattr(steps, "PAGE", 2)
    _, paged = export(filled, tmp_path / "paged", **how)
    assert whole == paged


def test_no_more_keys_are_held_than_a_page_needs(
    filled: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key with its cipher takes 3 kB: those of 100,000 cases would be the largest part of an export."""
    monkeypatch.setattr(steps, "PAGE", 1)
    held = []
    with filled.work() as work:
        monkeypatch.setattr(steps.exports, "page", counting(steps.exports.page, work.keys._known, held))
        steps.export(work, filled.settings, format_name="csv", out=tmp_path, actor="test")
    assert max(held) == 1


def counting(page: Callable[..., Any], keys: dict[Any, Any], held: list[int]) -> Callable[..., Any]:
    """The same, noting how many keys there are each time."""

    def counted(*arguments: Any) -> Any:
        held.append(len(keys))
        return page(*arguments)

    return counted


def test_the_past_is_exported_as_it_was_known(
    filled: Registry, decide: Callable[[], int], tmp_path: Path
) -> None:
    with filled.work() as work:
        before = work.now()
    send(filled, "KND", a_submission("KND-0043", forms=a_course()))
    revised = CASES[-1]["submission"]["forms"]["death"] | {"death_date": "2025-10-05"}
    changed = {"case": "KND-0042", "recorded_at": "2025-12-01T00:00:00+09:00", "reason": "typing error"}
    send(filled, "KND", changed | {"forms": {"death": revised}})
    decide()
    _, then = export(filled, tmp_path / "then", as_of=before)
    _, now = export(filled, tmp_path / "now")
    assert (then["cases"], now["cases"]) == (7, 8)
    died = [
        sorted(row["death_date"] for row in rows(tmp_path / name, "death") if row["site"] == "KND")
        for name in ("then", "now")
    ]
    assert died == [["2025-10-03"], ["2025-06-01", "2025-10-05"]]


def test_what_began_after_the_cutoff_is_left_out(filled: Registry, tmp_path: Path) -> None:
    export(filled, tmp_path, cutoff=date(2025, 6, 30))
    knd = next(row for row in rows(tmp_path) if row["site"] == "KND")
    assert (knd["vital_status"], knd["observed_to"]) == ("alive", "2025-06-30")
    assert not [row for row in rows(tmp_path, "death") if row["site"] == "KND"]
    assert max(row["visit_date"] for row in rows(tmp_path, "follow_up")) <= "2025-06-30"


def test_withdrawn_use_holds_for_exports_of_the_past_too(
    filled: Registry, decide: Callable[[], int], tmp_path: Path
) -> None:
    with filled.work() as work:
        before = work.now()
    consent = CASES[-1]["submission"]["forms"]["consent"][0]
    said = consent | {"withdrawal": {"date": "2025-11-30", "level": "stop_use_of_existing"}}
    withdrawal = {"case": "KND-0042", "recorded_at": "2025-12-01T00:00:00+09:00", "reason": "withdrawn"}
    send(filled, "KND", withdrawal | {"forms": {"consent": [said]}})
    decide()
    _, manifest = export(filled, tmp_path, as_of=before)
    assert (manifest["cases"], manifest["withheld"]) == (6, {"use withdrawn": 1})
    assert "KND" not in {row["site"] for row in rows(tmp_path)}


def test_sharing_needs_the_scope_of_consent_and_an_agreement(
    filled: Registry, decide: Callable[[], int], tmp_path: Path
) -> None:
    consent = {"consent_type": "written", "version": "1", "date": "2025-01-02", "scopes": ["registry_use"]}
    send(filled, "KND", a_submission("KND-0043", forms=a_course() | {"consent": [consent]}))
    decide()
    with pytest.raises(WrongUsage, match="--agreement"):
        export(filled, tmp_path, profile="limited")
    assert not tmp_path.joinpath("manifest.json").exists()
    _, manifest = export(filled, tmp_path, profile="limited", agreement="DUA-7")
    assert (manifest["agreement"], manifest["withheld"]) == ("DUA-7", {"sharing not allowed": 1})
    with filled.work() as work:
        events = work.session.execute(
            text("SELECT actor, subject, detail FROM event WHERE action = 'export.made'")
        ).all()
    (event,) = events
    assert (event.actor, event.subject) == ("test", manifest["snapshot"])
    assert event.detail["agreement"] == "DUA-7"
    assert event.detail["profile"] == "limited"
    assert event.detail["withheld"] == {"sharing not allowed": 1}


def test_an_export_sees_one_state_of_the_database(
    filled: Registry, decide: Callable[[], int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A submission that is accepted between two pages is not in the export, wherever it would stand."""
    monkeypatch.setattr(steps, "PAGE", 1)
    told = []

    def meanwhile(done: int, total: int) -> None:
        told.append((done, total))
        if done == 1:
            send(filled, "LIT", a_submission("ZZZ-1", forms=a_course()))
            decide()

    _, manifest = export(filled, tmp_path, as_of=datetime.now(UTC) + timedelta(days=1), tell=meanwhile)
    assert told == [(n, 7) for n in range(1, 8)]
    assert manifest["cases"] == 7


def test_the_command_says_what_it_did(
    filled: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_the_desk(monkeypatch, filled, "statistician")
    out = tmp_path / "out"
    run = CliRunner()
    done = run.invoke(app, ["export", "csv", "--cutoff", "2026-06-01", "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["cases"] == 7
    assert said["snapshot"] == json.loads((out / "manifest.json").read_bytes())["snapshot"]
    refused = run.invoke(app, ["export", "parquet", "--out", str(out)])
    assert isinstance(refused.exception, WrongUsage)
    assert "choose one of csv" in str(refused.exception)
