"""The walk of a submission from the hospital to the published report."""

import random

from sqlalchemy import text

from tests.factories import a_course, a_state, a_submission, many
from tests.waiting import until


def test_a_submission_becomes_a_verdict_with_derived_values(site):
    sent = site.api.post("/v1/submissions", json=a_submission(forms=a_course()))
    assert sent.status_code == 202
    where = sent.headers["location"]
    receipt = until(lambda: (found := site.ask(where)) and (found if found["decided_at"] else None), 10)
    assert receipt["state"] == "accepted"
    assert {"OSONS"} <= {one["outcome"] for one in receipt["derived"]}
    assert site.ask(f"/v1/cases/{receipt['registry_id']}")["forms"]["death"]["death_date"] == "2025-06-01"


def test_a_batch_sent_twice_and_shuffled_doubles_nothing(site):
    documents = many(60)
    documents += [
        a_submission(
            one["case"],
            recorded_at="2026-03-05T00:00:00Z",
            forms={"function": [a_state(ecog=3)]},
            reason="typing error",
        )
        for one in documents[:20]
    ]
    orders = [documents, documents, random.Random(1).sample(documents, len(documents))]
    receipts = [site.send(order) for order in orders]
    for where in receipts:
        receipt = site.decided(where)
        assert (receipt["accepted"], receipt["received"]) == (80, 80), receipt["items"][:3]
    cases = site.ask("/v1/cases", params={"limit": 1000})["cases"]
    assert len(cases) == 60
    for case in cases[:25]:
        versions = site.ask(f"/v1/cases/{case['registry_id']}/history")["versions"]
        assert [one["content"]["ecog"] for one in versions] == ([2, 3] if case["case"] <= "KND-0020" else [2])


def test_the_report_follows_by_itself_and_the_receipt_names_it(up, site):
    """Built by the schedule once the registry was quiet, locked and published, because it is the first."""
    where = site.send([a_submission(forms=a_course())])
    site.decided(where)
    reports = until(lambda: site.ask("/v1/reports")["reports"])
    assert reports[-1]["state"] in ("published", "superseded")
    page = site.api.get(f"/v1/reports/{reports[0]['id']}/html")
    assert page.text.startswith("<!doctype html>")
    (mine,) = site.ask("/v1/cases")["cases"]

    def with_my_case():
        listed = up.mps_json("report", "list")["reports"]
        return [one for one in listed if one["audience"] == "staff" and one["as_of"] >= mine["changed_at"]]

    assert until(with_my_case)[0]["trigger"].startswith("schedule:change")


def test_a_query_is_asked_answered_and_closed_by_better_data(site):
    doubtful = a_submission(forms={"function": [a_state(ecog=0, kps=70)]})
    site.api.post("/v1/submissions", json=doubtful)
    (query,) = until(lambda: site.ask("/v1/queries")["queries"], 10)
    assert (
        site.api.post(f"/v1/queries/{query['id']}/answer", json={"text": "we look again"}).status_code == 200
    )
    better = doubtful | {"recorded_at": "2026-03-05T00:00:00Z", "reason": "typing error"}
    better["forms"] = {"function": [a_state(ecog=2, kps=70)]}
    site.api.post("/v1/submissions", json=better)
    closed = until(lambda: site.ask("/v1/queries", params={"state": "closed"})["queries"], 10)
    assert [entry["action"] for entry in closed[0]["history"]] == ["opened", "answer", "data_changed"]


def test_the_audit_trail_is_sealed_by_itself_and_holds(up, site):
    site.decided(site.send([a_submission(), {"case": "KND-9"}]))
    with up.registry.work() as work:
        before = work.session.execute(text("SELECT count(*) FROM event")).scalar_one()

    def sealed():
        with up.registry.work() as work:
            return (
                work.session.execute(text("SELECT coalesce(sum(events), 0) FROM seal")).scalar_one() >= before
            )

    until(sealed)
    assert up.mps("audit", "verify").returncode == 0
