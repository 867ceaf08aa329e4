"""A patient withdraws the use of the data: what the registry, the site, exports and reports do from then on."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
import pytest

from registry.bus import Task
from registry.errors import Conflict
from registry.pipeline import report_life
from registry.pipeline.cases import show_case
from registry.pipeline.intake import receive_one
from registry.pipeline.queries import list_queries
from registry.pipeline.receipt import receipt
from registry.pipeline.report import build
from registry.pipeline.sites import add_site, the_site
from registry.pipeline.withdraw import withdraw
from registry.store import reports, withdrawals
from tests.factories import a_course, a_record, a_submission, many

LEVELS_OF_USE = ["stop_use_of_existing", "erase"]
CONSENT = {"consent_type": "written", "version": "1", "date": "2025-01-02", "scopes": ["registry_use"]}


def withdrawal(level="stop_use_of_existing", day="2026-03-01", case="KND-0001", **more):
    said = CONSENT | {"withdrawal": {"level": level, "date": day}}
    return a_submission(
        case, recorded_at="2026-03-06T00:00:00Z", reason="withdrawn", forms={"consent": [said]}, **more
    )


@pytest.fixture
def send(registry, decide):
    """Send submissions of KND and decide them; gives the last receipt."""
    with registry.work() as work:
        add_site(work, "KND", "Kindai", country="JP", timezone="Asia/Tokyo", actor="test")

    def now(*documents):
        for document in documents:
            with registry.work() as work:
                last = receive_one(
                    work,
                    registry.settings,
                    site_id=the_site(work, "KND").id,
                    body=orjson.dumps(document),
                    correlation_id="test",
                    idempotency_key=None,
                )
        decide()
        with registry.work() as work:
            return receipt(work, last, None)

    return now


@pytest.fixture
def carry_out(registry):
    """Run the step as the worker would; gives how many withdrawals took effect."""

    def now():
        with registry.work() as work:
            return withdraw(work, registry.settings)

    return now


def make(registry, audience="staff"):
    with registry.work() as work:
        return build(work, registry.settings, audience=audience, trigger="test")[0]


def the_first(registry):
    with registry.work() as work:
        return show_case(work, registry.settings, "KND-0001", site_id=None, actor="test")


ASKING = {  # the cancer was found after the onset: a question to the site
    "primary_cancer": [a_record("primary_cancer", primary_no=1, dx_date="2025-04")],
    "mps_episode": [a_record("mps_episode", side="left", mps_onset="2025-02")],
}


@pytest.mark.parametrize("level", LEVELS_OF_USE)
def test_its_receipt_rings_and_it_is_processed_no_more(level, registry, send, carry_out, rows):
    first = send(a_submission(forms={**ASKING, "consent": [CONSENT]}))
    with registry.work() as work:
        assert list_queries(work, site_id=None, state="open")["queries"]
    found = send(withdrawal(level))
    assert found["state"] == "accepted"
    assert found["withdrawn"] == {"level": level, "from": "2026-03-01"}
    with registry.work() as work:
        earlier = receipt(work, UUID(first["id"]), None)
        assert (earlier["withdrawn"]["level"], earlier["derived"]) == (level, [])
        assert list_queries(work, site_id=None, state="open")["queries"] == []
    refused = send(a_submission(recorded_at="2026-01-02T00:00:00Z"))
    assert refused["state"] == "rejected"
    assert [one["rule"] for one in refused["findings"]] == ["E18"]
    assert "withdrawn" in refused["findings"][0]["message"]
    assert rows('SELECT derived, analysis FROM "case"') == [([], None)]


def test_no_further_collection_keeps_what_is_there_in_use(registry, send, carry_out):
    send(a_submission(forms={**a_course(), "consent": [CONSENT]}))
    found = send(withdrawal("no_further_collection", "2025-03-01"))
    assert found["withdrawn"] is None
    (survival,) = (one for one in found["derived"] if one["outcome"] == "OSONS")
    assert survival["value"]["event"] == 0
    assert carry_out() == 0
    assert make(registry).cases == 1


def test_new_reports_leave_it_out_and_count_before_and_after(registry, send, carry_out):
    send(*many(3, forms={**a_course(), "consent": [CONSENT]}))
    before = make(registry)
    send(withdrawal())
    after = make(registry)
    assert (before.cases, after.cases) == (3, 2)
    with registry.work() as work:
        frozen = report_life.thaw(work, after)
    assert [one.case for one in frozen.cases] == ["KND-0002", "KND-0003"]
    assert frozen.left_out == {"stop_use_of_existing": 1}
    looking_back = None
    with registry.work() as work:
        looking_back, _ = build(work, registry.settings, audience="staff", trigger="test", as_of=before.as_of)
    assert looking_back.cases == 2  # the will of today holds whatever past is looked at


def test_reports_that_count_it_are_flagged_and_not_changed(registry, send, carry_out, rows):
    send(*many(3, forms={**a_course(), "consent": [CONSENT]}))
    locked, draft = make(registry), make(registry, "public")
    with registry.work() as work:
        report_life.lock(work, report_life.the_report(work, locked.number), actor="test", why="final")
    files = rows("SELECT sha256, content FROM report_file ORDER BY report_id, name")
    send(withdrawal(), withdrawal("erase", case="KND-0002"))
    later = make(registry)
    assert carry_out() == 2
    assert carry_out() == 0
    both = {"erase": 1, "stop_use_of_existing": 1}
    with registry.work() as work:
        assert withdrawals.of_reports(work.session) == {locked.id: both, draft.id: both}
        assert withdrawals.of_reports(work.session, later.id) == {}
        assert report_life.verify(work, registry.settings, reports.one(work.session, locked.id)) == []
        the_draft = reports.one(work.session, draft.id)
        with pytest.raises(Conflict, match="build a new one"):
            report_life.lock(work, the_draft, actor="test", why="final")
        with pytest.raises(Conflict, match="2 who withdrew"):
            report_life.publish(work, registry.settings, the_draft, actor="test")
    assert rows("SELECT sha256, content FROM report_file WHERE report_id <> :new ORDER BY report_id, name", new=later.id) == files  # fmt: skip
    (said,) = the_first(registry)["withdrawals"]
    assert (said["level"], said["from"], said["reports"]) == (
        "stop_use_of_existing", "2026-03-01", [locked.number, draft.number],
    )  # fmt: skip
    (consent,) = the_first(registry)["forms"]["consent"]
    assert consent["withdrawal"]["affected_snapshots"] == sorted([locked.input_hash, draft.input_hash])
    assert rows("SELECT count(*) FROM event WHERE action = 'report.flagged'") == [(4,)]


def test_a_report_that_was_being_built_meanwhile_is_flagged_by_the_next_look(registry, send, carry_out):
    send(a_submission(forms={**a_course(), "consent": [CONSENT]}))
    with registry.work() as building:
        report, _ = build(building, registry.settings, audience="staff", trigger="test")
        send(withdrawal())
        assert carry_out() == 1
    with registry.work() as work:
        assert withdrawals.of_reports(work.session) == {}
    carry_out()
    with registry.work() as work:
        assert withdrawals.of_reports(work.session) == {report.id: {"stop_use_of_existing": 1}}


def test_one_that_takes_effect_later_is_used_until_its_day(registry, send, carry_out, rows):
    send(a_submission(forms={**ASKING, "consent": [CONSENT]}))
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    said = CONSENT | {"withdrawal": {"level": "erase", "date": "2026-03-01", "effective_from": day}}
    found = send(withdrawal() | {"forms": {"consent": [said]}})
    assert found["withdrawn"] == {"level": "erase", "from": day}
    assert found["derived"]
    assert carry_out() == 0
    assert make(registry).cases == 1
    # The day comes: nothing but the date in the row says so.
    rows('UPDATE "case" SET use_ends = current_date RETURNING id')
    assert make(registry).cases == 0


def test_a_mistaken_withdrawal_is_lifted_by_its_correction(registry, send, carry_out):
    send(a_submission(forms={**a_course(), "consent": [CONSENT]}))
    report = make(registry)
    send(withdrawal())
    carry_out()
    send(withdrawal() | {"recorded_at": "2026-03-07T00:00:00Z", "forms": {"consent": [CONSENT]}})
    carry_out()
    with registry.work() as work:
        assert withdrawals.of_reports(work.session) == {}
    found = the_first(registry)
    assert found["derived"]
    assert [bool(one["lifted_at"]) for one in found["withdrawals"]] == [True]
    assert make(registry).cases == report.cases


def test_stop_of_use_may_become_erasure(registry, send, carry_out):
    send(a_submission(forms={**a_course(), "consent": [CONSENT]}))
    report = make(registry)
    send(withdrawal())
    carry_out()
    send(withdrawal("erase") | {"recorded_at": "2026-03-07T00:00:00Z"})
    assert carry_out() == 1
    with registry.work() as work:
        assert withdrawals.of_reports(work.session) == {report.id: {"erase": 1}}


def test_the_worker_is_rung_for_a_withdrawal_and_for_nothing_else(registry, send, monkeypatch):
    rung = []
    monkeypatch.setattr("registry.store.database.Work.ring", lambda self, task, *args: rung.append(task))
    send(a_submission(forms={**a_course(), "consent": [CONSENT]}))
    assert Task.WITHDRAW not in rung
    send(withdrawal())
    assert Task.WITHDRAW in rung
