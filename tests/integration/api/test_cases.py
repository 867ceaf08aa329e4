"""``/v1/cases`` over real HTTP: the current view, the history, and the past; a site sees its own."""

import pytest
from sqlalchemy import text

from registry.pipeline.sites import SCOPES, add_site, issue_key
from tests.factories import a_course, a_state, a_submission, many, ndjson
from tests.problems import only, problem


@pytest.fixture
def accept(api, decide):
    """Send submissions and have them decided; all must be accepted."""

    def now(*documents):
        sent = api.post(
            "/v1/batches", content=ndjson(documents), headers={"Content-Type": "application/x-ndjson"}
        )
        decide()
        assert api.get(sent.headers["location"]).json()["accepted"] == len(documents)

    return now


@pytest.fixture
def stranger(client, registry, key):
    """A client of another site."""
    with registry.work() as work:
        add_site(work, "OSK", "Osaka", country="JP", timezone="Asia/Tokyo", actor="test")
        return client(issue_key(work, "OSK", scopes=list(SCOPES), days=1, label=None, actor="test"))


CORRECTED = a_submission(
    recorded_at="2026-03-05T00:00:00Z", forms={"function": [a_state(ecog=3)]}, reason="typed wrongly"
)


def test_pages_lead_through_all_cases(api, accept):
    accept(*many(5))
    found, cursor = [], 0
    for _ in range(3):
        page = api.get("/v1/cases", params={"limit": 2, "cursor": cursor}).json()
        found += [case["case"] for case in page["cases"]]
        cursor = page["next"]
    assert found == [document["case"] for document in many(5)]
    assert cursor is None


@pytest.mark.parametrize("wanted", [{"limit": 0}, {"cursor": -1}, {"cursor": 2**63}, {"cursor": "x"}])
def test_wrong_parameters_are_named(api, wanted):
    (fault,) = problem(api.get("/v1/cases", params=wanted), 422, "wrong_parameters")
    assert fault["pointer"] == f"/query/{next(iter(wanted))}"


@pytest.mark.parametrize("name", ["KND-0001", "KND-000001-8"], ids=["pseudonym", "registry id"])
def test_a_case_is_shown_with_what_is_derived_from_it(api, accept, name):
    accept(a_submission(forms=a_course()))
    found = api.get(f"/v1/cases/{name}").json()
    assert (found["case"], found["registry_id"]) == ("KND-0001", "KND-000001-8")
    assert found["forms"]["death"]["death_date"] == "2025-06-01"
    (survival,) = [one for one in found["derived"] if one["outcome"] == "OSONS"]
    assert survival["explanation"]
    assert {one["form"] for one in survival["inputs"]} == {"mps_episode", "death"}


def test_a_pseudonym_may_hold_a_slash(api, accept):
    accept(a_submission("2026/17"))
    for address in ("/v1/cases/2026/17", "/v1/cases/2026%2F17"):
        assert api.get(address).json()["case"] == "2026/17"
        assert len(api.get(address + "/history").json()["versions"]) == 1


@pytest.mark.parametrize("name", ["KND-0002", "KND-000001-7", "KND-000002-6", "x", "/", "é"])
def test_what_there_is_not_is_not_found(api, accept, name):
    accept(a_submission())
    only(api.get(f"/v1/cases/{name}"), 404, "not_found")
    only(api.get(f"/v1/cases/{name}/history"), 404, "not_found")


def test_another_sites_case_is_not_found_by_any_name(stranger, accept):
    accept(a_submission())
    for name in ("KND-0001", "KND-000001-8"):
        only(stranger.get(f"/v1/cases/{name}"), 404, "not_found")
        only(stranger.get(f"/v1/cases/{name}/history"), 404, "not_found")
    assert stranger.get("/v1/cases").json()["cases"] == []


def test_a_pseudonym_is_a_sites_own(api, stranger, accept, decide):
    accept(a_submission())
    theirs = a_submission(forms={"function": [a_state(ecog=4)]})
    assert stranger.post("/v1/submissions", json=theirs).status_code == 202
    decide()
    assert stranger.get("/v1/cases/KND-0001").json()["forms"]["function"][0]["ecog"] == 4
    assert api.get("/v1/cases/KND-0001").json()["forms"]["function"][0]["ecog"] == 2


def test_history_holds_every_version_with_its_reason(api, accept):
    accept(a_submission(), CORRECTED)
    old, new = api.get("/v1/cases/KND-0001/history").json()["versions"]
    assert (old["content"]["ecog"], old["current"], old["reason"]) == (2, False, None)
    assert (new["content"]["ecog"], new["current"], new["reason"]) == (3, True, "typed wrongly")
    assert old["recorded_at"] < new["recorded_at"] < new["accepted_at"]


def test_as_of_shows_what_was_known_then(api, accept, registry):
    accept(a_submission())
    with registry.work() as work:
        between = work.now().isoformat()
    accept(CORRECTED)

    def ecog(**as_of):
        return api.get("/v1/cases/KND-0001", params=as_of).json()["forms"]["function"][0]["ecog"]

    assert (ecog(as_of=between), ecog()) == (2, 3)


@pytest.mark.parametrize("as_of", ["0001-01-01T00:00:00Z", "2025-01-01T00:00:00+14:00", "2025-01-01"])
def test_before_the_first_submission_nothing_was_known(api, accept, as_of):
    accept(a_submission(forms=a_course()))
    problem(api.get("/v1/cases/KND-0001", params={"as_of": as_of}), 404, "not_found")


@pytest.mark.parametrize(
    "as_of", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "2199-01-01T00:00:00"]
)
def test_the_far_future_is_as_it_is_now(api, accept, as_of):
    accept(a_submission(forms=a_course()))
    found = api.get("/v1/cases/KND-0001", params={"as_of": as_of})
    assert found.status_code == 200
    assert found.json()["forms"] == api.get("/v1/cases/KND-0001").json()["forms"]


def test_reading_leaves_a_trace(api, accept, registry, key):
    accept(a_submission())
    api.get("/v1/cases/KND-0001")
    api.get("/v1/cases/KND-0001/history")
    with registry.work() as work:
        read = text("SELECT action FROM event WHERE subject = 'KND-000001-8' AND actor = :actor ORDER BY id")
        actions = work.session.execute(read, {"actor": f"key:{key.split('_')[1]}"}).scalars().all()
    assert actions == ["case.read", "case.history_read"]
