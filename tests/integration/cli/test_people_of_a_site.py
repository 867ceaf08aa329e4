"""People whose role is one of a hospital, at the command line: the database shows them that hospital and no other."""

import json

import pytest
from typer.testing import CliRunner

from cli.main import app
from registry.domain.authority import OF_A_SITE
from registry.errors import NotFound
from registry.pipeline.people import add_person
from registry.pipeline.report import build
from tests.factories import a_submission
from tests.hospitals import a_hospital
from tests.roles import as_person


@pytest.fixture
def hospitals(registry, client, decide):
    return [a_hospital(registry, client, decide, code) for code in ("KND", "OSK")]


@pytest.fixture(params=sorted(OF_A_SITE))
def typed(request, registry, hospitals, monkeypatch, tmp_path):
    """What a command of a person of KND prints, or how it ended."""
    with registry.work() as work:
        key = add_person(work, "somebody", request.param, site="KND", days=1, actor="test")
    monkeypatch.chdir(tmp_path)
    as_person(monkeypatch, registry, key)

    def run(*arguments: str):
        return CliRunner().invoke(app, list(arguments))

    return run


@pytest.mark.parametrize("noun", ["case", "submission", "query", "site"])
def test_listings_hold_their_own(typed, hospitals, noun):
    here, there = hospitals
    done = typed(noun, "list", "--json")
    assert done.exit_code == 0, done.output
    assert here.code in done.stdout
    assert [mark for mark in there.marks if mark in done.stdout] == []


def test_another_hospitals_ids_are_not_found(typed, hospitals):
    _, there = hospitals
    tried = [
        *(
            (noun, "show", one)
            for noun in ("case", "submission")
            for ids in there.ids.values()
            for one in ids
        ),
        *(("case", "history", one) for one in (*there.ids["case"], *there.ids["registry id"])),
        *(("query", "answer", one, "we looked") for one in there.ids["query"]),
        *((noun, "list", "--site", there.code) for noun in ("case", "submission", "query")),
    ]
    for arguments in tried:
        done = typed(*arguments)
        assert isinstance(done.exception, NotFound), (arguments, done.exception)
        assert not [mark for mark in there.marks if mark in done.output and mark not in arguments], arguments


def test_they_send_for_their_own_hospital_and_for_no_other(typed, hospitals, decide, tmp_path):
    here, there = hospitals
    (tmp_path / "one.ndjson").write_text(json.dumps(a_submission("NEW-1")))
    assert typed("submit", "one.ndjson").exit_code == 0
    assert "there is no site OSK" in str(typed("submit", "one.ndjson", "--site", "OSK").exception)
    decide()
    assert here.api.get("/v1/cases/NEW-1").status_code == 200
    assert there.api.get("/v1/cases/NEW-1").status_code == 404


def test_reports_that_are_not_published_are_not_theirs(typed, registry):
    with registry.work() as work:
        build(work, registry.settings, audience="staff", trigger="test")
    assert json.loads(typed("report", "list", "--json").stdout) == {"reports": []}
    assert "there is no report 1" in str(typed("report", "show", "1").exception)


def test_quality_counts_their_own(typed, hospitals):
    (row,) = json.loads(typed("site", "quality", "--json").stdout)["sites"]
    assert (row["site"], row["cases"]) == ("KND", len(hospitals[0].ids["case"]))
