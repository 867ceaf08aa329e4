"""``/v1/queries`` over real HTTP: what the registry asks, and how a hospital answers."""

import pytest

from registry.ids import as_uuid
from registry.pipeline.queries import act
from registry.pipeline.sites import SCOPES, add_site, issue_key
from tests.factories import a_state, a_submission
from tests.problems import only, problem

DOUBTFUL = a_submission(forms={"function": [a_state(ecog=0, kps=70)]})
"""ECOG and Karnofsky disagree: rule Q47 asks."""


@pytest.fixture
def asked(api, decide):
    """The id of an open query."""
    api.post("/v1/submissions", json=DOUBTFUL)
    decide()
    (query,) = api.get("/v1/queries").json()["queries"]
    return query["id"]


def shown(api, **wanted):
    return api.get("/v1/queries", params=wanted).json()["queries"]


def test_a_query_says_what_is_asked_and_of_which_case(api, asked):
    (query,) = shown(api)
    assert (query["rule"], query["state"], query["case"]) == ("Q47", "open", "KND-0001")
    assert query["registry_id"] == "KND-000001-8"
    assert query["finding"]["message"]
    assert query["finding"]["values"].items() >= {"ecog": 0, "kps": 70}.items()
    assert [entry["action"] for entry in query["history"]] == ["opened"]


def test_an_answer_is_kept_with_author_and_words(api, asked, key):
    answered = api.post(f"/v1/queries/{asked}/answer", json={"text": "  ECOG 0 is right; KPS was 100.  "})
    assert answered.json() == {"id": asked, "state": "answered"}
    assert shown(api) == []
    (query,) = shown(api, state="answered")
    entry = query["history"][-1]
    assert (entry["action"], entry["text"]) == ("answer", "ECOG 0 is right; KPS was 100.")
    assert entry["actor"] == f"key:{key.split('_')[1]}"


def test_a_resubmission_neither_loses_the_answer_nor_asks_again(api, asked, decide):
    api.post(f"/v1/queries/{asked}/answer", json={"text": "it is right"})
    api.post("/v1/submissions", json=DOUBTFUL | {"recorded_at": "2026-03-06T00:00:00Z"})
    decide()
    assert [query["id"] for query in shown(api, state="answered")] == [asked]
    assert shown(api) == []


def test_a_correction_closes_it_and_the_same_data_open_it_again(api, asked, decide):
    steps = ((3, 50, "closed"), (0, 70, "open"))
    for day, (ecog, kps, state) in enumerate(steps, 5):
        forms = {"function": [a_state(ecog=ecog, kps=kps)]}
        document = a_submission(recorded_at=f"2026-03-{day:02}T00:00:00Z", forms=forms, reason="looked again")
        api.post("/v1/submissions", json=document)
        decide()
        assert [query["id"] for query in shown(api, state=state)] == [asked]
    (query,) = shown(api)
    assert [entry["action"] for entry in query["history"]] == ["opened", "data_changed", "data_again"]


def test_what_is_closed_cannot_be_answered(api, asked, registry):
    with registry.work() as work:
        act(work, as_uuid(asked), "close", "seen by the registry", site_id=None, actor="test")
    answer = api.post(f"/v1/queries/{asked}/answer", json={"text": "too late"})
    assert "closed" in only(answer, 409, "conflict")[2]


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        (b'{"text": "ok"}', 422, "wrong_parameters", "/text"),
        (b'{"text": "' + b"x" * 2001 + b'"}', 422, "wrong_parameters", "/text"),
        (b'{"text": 17}', 422, "wrong_parameters", "/text"),
        (b'{"test": "a good answer"}', 422, "wrong_parameters", "/text"),
        (b'{"text": "a good answer", "by": "me"}', 422, "wrong_parameters", "/by"),
        (b"[]", 422, "wrong_parameters", ""),
        (b"", 400, "not_json", ""),
        (b'{"text": "\\ud800 half"}', 400, "not_json", ""),
        (b'{"text": "a\\u0000b"}', 400, "not_json", "/text"),
        (b"[" * 50 + b"]" * 50, 400, "not_json", ""),
        (b" " * 20_001, 413, "too_large", ""),
    ],
)
def test_an_answer_that_is_none_is_refused_with_its_place(api, asked, body, status, code, pointer):
    faults = problem(api.post(f"/v1/queries/{asked}/answer", content=body), status, code)
    assert pointer in [fault["pointer"] for fault in faults]
    assert [query["id"] for query in shown(api)] == [asked]


def test_spaces_are_no_answer(api, asked):
    only(api.post(f"/v1/queries/{asked}/answer", json={"text": "     "}), 400, "wrong_usage")


@pytest.mark.parametrize("name", ["x", "018f0000-0000-7000-8000-000000000000"])
def test_what_there_is_not_is_not_found(api, name):
    only(api.post(f"/v1/queries/{name}/answer", json={"text": "hello"}), 404, "not_found")


def test_another_sites_query_is_not_found(api, client, registry, asked):
    with registry.work() as work:
        add_site(work, "OSK", "Osaka", country="JP", timezone="Asia/Tokyo", actor="test")
        other = client(issue_key(work, "OSK", scopes=list(SCOPES), days=1, label=None, actor="test"))
    assert shown(other) == []
    only(other.post(f"/v1/queries/{asked}/answer", json={"text": "hello"}), 404, "not_found")


def test_answering_needs_its_scope(client, registry, asked):
    with registry.work() as work:
        reader = client(issue_key(work, "KND", scopes=["read"], days=1, label=None, actor="test"))
    assert (
        "`query`"
        in only(reader.post(f"/v1/queries/{asked}/answer", json={"text": "hello"}), 403, "not_allowed")[2]
    )


def test_listing_is_narrowed(api, asked):
    assert [query["id"] for query in shown(api, rule="Q47", case="KND-0001", older_than_days=0)] == [asked]
    for wanted in ({"rule": "Q48"}, {"case": "KND-2"}, {"older_than_days": 1}, {"state": "closed"}):
        assert shown(api, **wanted) == []
    problem(api.get("/v1/queries", params={"state": "lost"}), 422, "wrong_parameters")
    problem(api.get("/v1/queries", params={"cursor": "x"}), 422, "wrong_parameters")
