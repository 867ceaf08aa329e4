"""GET /v1/events: what webhooks send, for a system that would rather ask."""

from tests.factories import a_submission


def test_a_site_reads_its_own_messages_by_cursor(api, client, registry, decide, key):
    ids = [api.post("/v1/submissions", json=a_submission(f"KND-{n}")).json()["id"] for n in range(3)]
    decide()
    first = api.get("/v1/events", params={"limit": 2}).json()
    assert len(first["events"]) == 2
    rest = api.get("/v1/events", params={"after": first["cursor"]}).json()
    told = [one["data"].get("submission") for one in (*first["events"], *rest["events"])]
    assert [one for one in told if one] == ids
    assert api.get("/v1/events", params={"after": rest["cursor"]}).json() == {
        "events": [],
        "cursor": rest["cursor"],
    }
    assert {one["type"] for one in first["events"]} <= {"submission.accepted", "query.opened"}


def test_it_needs_a_key_and_a_cursor_that_is_one(api, client):
    assert client(None).get("/v1/events").status_code == 401
    assert api.get("/v1/events", params={"after": -1}).status_code == 422
