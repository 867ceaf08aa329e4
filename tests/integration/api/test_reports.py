"""``/v1/reports`` over real HTTP: hospitals read what is published, and nothing before."""

import hashlib

import pytest

from registry.pipeline.report import build
from registry.pipeline.report_life import lock, publish, the_report
from registry.pipeline.sites import add_site, issue_key
from tests.factories import a_course, many, ndjson
from tests.problems import only


@pytest.fixture
def built(api, decide, registry):
    """Build a report of one audience; gives its number and id."""
    api.post(
        "/v1/batches",
        content=ndjson(many(3, forms=a_course())),
        headers={"Content-Type": "application/x-ndjson"},
    )
    decide()

    def for_audience(audience):
        with registry.work() as work:
            report, _ = build(work, registry.settings, audience=audience, trigger="test")
            return report.number, str(report.id)

    return for_audience


@pytest.fixture
def published(built, registry):
    number, report_id = built("public")
    with registry.work() as work:
        lock(work, the_report(work, number), actor="test", why="it is right")
    with registry.work() as work:
        publish(work, registry.settings, the_report(work, number), actor="test")
    return report_id


def test_what_is_published_is_listed_and_shown(api, published):
    (head,) = api.get("/v1/reports").json()["reports"]
    assert (head["id"], head["state"], head["number"]) == (published, "published", 1)
    shown = api.get(f"/v1/reports/{published}").json()
    assert shown["versions"]["opioid table"] == "MPS-OME-1"
    assert {"report.html", "report.json"} <= {file["name"] for file in shown["files"]}


def test_every_file_it_lists_can_be_fetched_as_it_was_built(api, published):
    for file in api.get(f"/v1/reports/{published}").json()["files"]:
        found = api.get(f"/v1/reports/{published}/{file['name']}")
        assert found.status_code == 200, file["name"]
        assert hashlib.sha256(found.content).hexdigest() == file["sha256"]
        assert found.headers["content-type"] == file["media_type"]
        assert found.headers["etag"] == f'"{file["sha256"]}"'


def test_page_and_data_have_short_names(api, published):
    assert api.get(f"/v1/reports/{published}/html").text.startswith("<!doctype html>")
    assert api.get(f"/v1/reports/{published}/json").json()


@pytest.mark.parametrize("audience", ["public", "staff"])
def test_what_is_not_published_is_not_found(api, built, audience):
    _, report_id = built(audience)
    assert api.get("/v1/reports").json() == {"reports": []}
    for path in (report_id, f"{report_id}/html"):
        only(api.get(f"/v1/reports/{path}"), 404, "not_found")


@pytest.mark.parametrize("name", ["nothing", "tables/../report.html", "../../etc/passwd", "pdf"])
def test_what_is_no_file_is_not_found(api, published, name):
    only(api.get(f"/v1/reports/{published}/{name.replace('..', '%2e%2e')}"), 404, "not_found")


def test_reading_needs_its_scope(client, registry, published):
    with registry.work() as work:
        sender = client(issue_key(work, "KND", scopes=["submit"], days=1, label=None, actor="test"))
    for path in ("", f"/{published}", f"/{published}/html"):
        assert "`report`" in only(sender.get(f"/v1/reports{path}"), 403, "not_allowed")[2]


def test_the_receipt_names_the_reports_that_hold_the_case(api, published):
    (first, *_) = api.get("/v1/submissions").json()["submissions"]
    reports = api.get(f"/v1/submissions/{first['id']}").json()["reports"]
    assert [(one["id"], one["number"]) for one in reports] == [(published, 1)]


def test_the_receipt_names_no_draft(api, built):
    built("public")
    (first, *_) = api.get("/v1/submissions").json()["submissions"]
    assert api.get(f"/v1/submissions/{first['id']}").json()["reports"] == []


def test_a_site_reads_its_own_figures_beside_the_others_and_no_other_site_does(
    api, client, published, registry
):
    with registry.work() as work:
        add_site(work, "OSK", "Osaka", country="JP", timezone="Asia/Tokyo", actor="test")
        other = client(issue_key(work, "OSK", scopes=["report"], days=1, label=None, actor="test"))

    def own_files(caller):
        listed = caller.get(f"/v1/reports/{published}").json()["files"]
        return {file["name"] for file in listed if file["name"].startswith("own/")}

    assert own_files(api) == {"own/KND/report.html", "own/KND/report.json"}
    assert own_files(other) == set()
    page = api.get(f"/v1/reports/{published}/own/html")
    assert page.status_code == 200
    assert "For KND alone" in page.text
    assert api.get(f"/v1/reports/{published}/own/json").headers["content-type"] == "application/json"
    for address in ("own/html", "own/KND/report.html"):
        assert other.get(f"/v1/reports/{published}/{address}").status_code == 404
