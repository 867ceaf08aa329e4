"""``mps submit`` with CSV, REDCap and FHIR files: straight to the registry, and through its API."""

import csv
import json
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from cli.main import app
from registry.errors import WrongUsage
from registry.pipeline import receive
from registry.wiring import Registry
from tests.roles import at_the_desk

GOLDEN = Path(__file__).parents[1] / "golden"
AT = "2026-03-04T09:12:00+09:00"
HEAD = "case,recorded_at,assess_date,nrs_worst,index_or_nonindex,site_side\n"


@pytest.fixture(params=["local", "remote"])
def submit(request, registry: Registry, key: str, monkeypatch: pytest.MonkeyPatch):
    """Run ``mps submit``, by each of its two ways."""
    if request.param == "remote":
        monkeypatch.setenv("MPS_API_URL", request.getfixturevalue("url"))
        monkeypatch.setenv("MPS_API_KEY", key)
        beside = []
    else:
        at_the_desk(monkeypatch, registry, "data_manager")
        beside = ["--site", "KND"]

    def run(*arguments: str | Path):
        return CliRunner().invoke(app, ["submit", *map(str, arguments), *beside])

    return run


def stored(registry: Registry) -> list[tuple[int, str, int]]:
    with registry.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT position, place, length(payload) FROM submission ORDER BY position")
        )
        return [tuple(row) for row in rows]


def rows(count: int) -> str:
    return HEAD + "".join(f"KND-{n},{AT},2025-03-10,{n % 11},index,left\n" for n in range(count))


def test_a_table_is_stored_row_by_row(submit, registry, decide, tmp_path):
    file = tmp_path / "pain.csv"
    file.write_text(rows(3) + "KND-9,,10-03-2025,5,index,left\n")
    done = submit(file, "--json")
    assert done.exit_code == 0, done.output
    (found,) = json.loads(done.stdout)
    assert (found["received"], found["name"] or "pain.csv") == (4, "pain.csv")
    assert [place for _, place, _ in stored(registry)] == ["line 2", "line 3", "line 4", "line 5"]
    decide()
    with registry.engine.connect() as connection:
        states = connection.execute(text("SELECT state FROM submission ORDER BY position")).scalars().all()
    assert states == ["accepted", "accepted", "accepted", "rejected"]


def test_a_dry_run_gives_the_file_back_with_its_errors(submit, registry, tmp_path):
    file, out = tmp_path / "pain.csv", tmp_path / "out.csv"
    file.write_text(rows(2) + f"KND-9,{AT},10-03-2025,15,index,left\n")
    done = submit(file, "--dry-run", "--errors", out)
    assert done.exit_code == 1
    assert "2 would be accepted, 1 would be refused" in done.output
    assert "line 4 KND-9" in done.output
    with out.open(encoding="utf-8-sig", newline="") as lines:
        errors = [row["errors"] for row in csv.DictReader(lines)]
    assert errors[:2] == ["", ""]
    assert "assess_date" in errors[2]
    assert "nrs_worst" in errors[2]
    assert stored(registry) == []


def test_all_or_nothing_sends_no_file_where_a_row_would_be_refused(submit, registry, tmp_path):
    good, bad, out = tmp_path / "good.csv", tmp_path / "bad.csv", tmp_path / "out.csv"
    good.write_text(rows(3))
    bad.write_text(rows(2) + f"KND-9,{AT},10-03-2025,15,index,left\n")
    done = submit(good, bad, "--all-or-nothing", "--wait")
    assert done.exit_code == 1
    assert f"{bad}: 2 would be accepted, 1 would be refused; nothing was stored" in done.output
    assert submit(bad, "--all-or-nothing", "--errors", out).exit_code == 1
    assert "assess_date" in out.read_text("utf-8-sig")
    assert stored(registry) == []
    done = submit(good, "--all-or-nothing")
    assert done.exit_code == 0, done.output
    assert [place for _, place, _ in stored(registry)] == ["line 2", "line 3", "line 4"]


def test_a_dry_run_of_more_than_one_request_names_every_line(submit, tmp_path, monkeypatch):
    monkeypatch.setattr("cli.sender.TRIED_AT_ONCE", 2)
    monkeypatch.setattr("cli.submit.MOST_SHOWN", 3)
    file = tmp_path / "pain.csv"
    file.write_text(rows(1) + "".join(f"KND-{n},{AT},10-03-2025,5,index,left\n" for n in range(5)))
    done = submit(file, "--dry-run")
    assert done.exit_code == 1
    assert "1 would be accepted, 5 would be refused" in done.output
    assert "the first 3 with a finding" in done.output
    (whole,) = json.loads(submit(file, "--dry-run", "--json").stdout)
    assert [one["place"] for one in whole["verdicts"]] == [f"line {n}" for n in range(2, 8)]


def test_a_foreign_redcap_project_comes_with_its_mapping(submit, registry, decide):
    folder = GOLDEN / "redcap"
    beside = ("--mapping", folder / "foreign.yaml", "--dictionary", folder / "foreign_dictionary.csv")
    tried = submit(folder / "foreign.csv", "--from", "redcap", *beside, "--dry-run")
    assert tried.exit_code == 1
    assert "unmapped_fields" in tried.output
    assert "`comment`" in tried.output
    assert "the code 3 of `rt_side`" in tried.output
    done = submit(folder / "foreign.csv", "--from", "redcap", *beside)
    assert done.exit_code == 0, done.output
    decide()
    assert len(stored(registry)) == 5


@pytest.mark.parametrize(
    ("file", "beside", "count"),
    [
        ("redcap/own.csv", ("--from", "redcap", "--recorded-at", AT), 4),
        ("redcap/own.xml", ("--from", "redcap", "--recorded-at", AT), 4),
        ("fhir/case.json", ("--from", "fhir"), 16),
        ("fhir/bulk.ndjson", ("--from", "fhir", "--recorded-at", AT), 6),
        ("csv/wide.csv", (), 2),
        ("csv/utf16.csv", ("--encoding", "utf-16"), 1),
    ],
)
def test_every_format_is_taken(submit, registry, file, beside, count):
    done = submit(GOLDEN / file, *beside)
    assert isinstance(done.exception, SystemExit | None), done.exception
    assert len(stored(registry)) == count


def test_what_is_asked_of_a_case_is_said_once(submit):
    done = submit(GOLDEN / "fhir" / "case.json", "--from", "fhir", "--dry-run")
    assert done.stdout.count("Q56") == 1
    assert done.stdout.count("reject") == 1


def test_what_is_refused_whole_says_why(submit, registry, tmp_path):
    for file, beside, says in (
        ("csv/no_time.csv", (), "recorded_at"),
        ("redcap/own.csv", ("--from", "redcap"), "the time of the export"),
        ("redcap/labels.csv", ("--from", "redcap", "--recorded-at", AT), "raw data"),
        ("fhir/message.json", ("--from", "fhir"), "collection"),
    ):
        for how in ((), ("--dry-run",), ("--all-or-nothing",)):
            done = submit(GOLDEN / file, *beside, *how)
            assert done.exit_code == 1
            assert says in done.stderr.replace("\n", " ")
    assert stored(registry) == []


def test_a_file_that_is_refused_keeps_no_other_from_being_sent(submit, registry):
    files = (GOLDEN / "csv" / "no_time.csv", GOLDEN / "csv" / "wide.csv")
    assert submit(*files, "--all-or-nothing").exit_code == 1
    assert stored(registry) == []
    done = submit(*files, "--json")
    assert done.exit_code == 1
    refused, sent = json.loads(done.stdout)
    assert "recorded_at" in refused["refused"]
    assert (refused["file"], sent["received"], len(stored(registry))) == (str(files[0]), 2, 2)


def test_wrong_usage_says_what_is_right(submit, tmp_path):
    for arguments, says in (
        ((GOLDEN / "redcap" / "foreign.yaml",), "--from redcap"),
        ((GOLDEN / "csv" / "wide.csv", "--from", "excel"), "redcap, fhir"),
        ((GOLDEN / "csv" / "wide.csv", "--errors", tmp_path / "x.csv"), "--dry-run"),
        (
            (GOLDEN / "fhir" / "case.json", "--from", "fhir", "--dry-run", "--errors", tmp_path / "x.csv"),
            "CSV",
        ),
    ):
        done = submit(*arguments)
        assert isinstance(done.exception, WrongUsage)
        assert says in str(done.exception)


def test_a_long_file_is_stored_in_portions_that_add_up(registry, key, decide, monkeypatch, tmp_path):
    monkeypatch.setattr(receive, "PORTION", 40)
    monkeypatch.setattr(receive, "STATEMENT", 16)
    at_the_desk(monkeypatch, registry, "data_manager")
    file = tmp_path / "pain.csv"
    for count in (39, 40, 41, 120):
        file.write_text(rows(count))
        done = CliRunner().invoke(app, ["submit", str(file), "--site", "KND", "--json"])
        assert done.exit_code == 0, done.output
        (found,) = json.loads(done.stdout)
        assert found["received"] == found["waiting"] == count
    decide()
    with registry.engine.connect() as connection:
        wrong = "SELECT count(*) FROM batch b WHERE items <> (SELECT count(*) FROM submission WHERE batch_id = b.id)"
        assert connection.execute(text(wrong)).scalar() == 0


@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_a_workbook_is_to_be_saved_as_csv(submit, tmp_path, ending):
    file = tmp_path / f"pain{ending}"
    file.write_bytes(b"PK")
    done = submit(file)
    assert isinstance(done.exception, WrongUsage)
    assert "save the sheet as CSV UTF-8" in str(done.exception)
