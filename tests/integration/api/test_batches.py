"""``/v1/batches`` over real HTTP: each item is judged by itself, counts always add up."""

import gzip
import http.client
import threading
from contextlib import closing

import orjson
import pytest
from sqlalchemy import text

from registry.pipeline.sites import SCOPES, add_site, issue_key
from tests.factories import a_state, a_submission, many, ndjson
from tests.problems import only

NDJSON = {"Content-Type": "application/x-ndjson"}
JSON = {"Content-Type": "application/json"}

BAD = [
    b"not json",
    b'{"case": "A", "case": "B"}',
    orjson.dumps(a_submission(forms={"function": [a_state(ecog=9)]})),
    orjson.dumps(a_submission(forms={"function": [{"note": "a\0b"}]})),
    orjson.dumps({"case": "KND-9"}),
    orjson.dumps(a_submission("KND-3", forms={"function": [a_state("2199-01-01")]})),
]
"""Items that are refused: one when its case is checked, the others when they are read."""


def send(api, body, headers=NDJSON, **more):
    return api.post("/v1/batches", content=body, headers=headers | more)


def counts(receipt):
    found = {name: receipt[name] for name in ("received", "accepted", "rejected", "failed", "waiting")}
    assert found.pop("received") == sum(found.values())
    return found


def whole(api, where):
    """All items of a batch that have something to say, over all pages."""
    items, after = [], -1
    while after is not None:
        page = api.get(where, params={"after": after}).json()
        items += page["items"]
        after = page["next"]
    return items


class TestItems:
    def test_that_are_bad_block_no_neighbour(self, api, decide):
        good = [orjson.dumps(one) for one in many(len(BAD) + 1)]
        items = [one for pair in zip(good, BAD, strict=False) for one in pair] + good[-1:]
        sent = send(api, ndjson(items))
        assert sent.status_code == 202
        assert counts(sent.json()) == {"accepted": 0, "rejected": 0, "failed": 0, "waiting": len(items)}
        decide()
        where = sent.headers["location"]
        receipt = api.get(where).json()
        assert counts(receipt) == {"accepted": len(good), "rejected": len(BAD), "failed": 0, "waiting": 0}
        assert [one["position"] for one in receipt["items"]] == [2 * n + 1 for n in range(len(BAD))]
        found = [[finding["rule"] for finding in one["findings"]] for one in receipt["items"]]
        assert found[:2] == [["not_json"], ["duplicate_key"]]
        assert found[3] == ["nul_character"]
        assert found[5] == ["E05"]
        for one in receipt["items"]:
            assert all(finding["message"] and finding["severity"] == "reject" for finding in one["findings"])

    def test_of_an_array_are_the_same_as_lines(self, api, decide):
        """But for what is no JSON at all, which makes the whole array unreadable."""
        items = [orjson.dumps(a_submission()), *BAD[1:]]
        sent = send(api, b"[" + b",".join(items) + b"]", JSON)
        decide()
        assert counts(api.get(sent.headers["location"]).json())["rejected"] == len(BAD) - 1
        assert len(api.get("/v1/cases").json()["cases"]) == 1

    def test_about_one_case_are_taken_in_their_order(self, api, decide):
        documents = [
            a_submission(recorded_at=f"2026-03-0{day}T00:00:00Z", forms={"function": [a_state(ecog=day)]})
            for day in (1, 2, 3)
        ]
        for document in documents[1:]:
            document["reason"] = "examined again"
        send(api, ndjson(documents))
        assert decide() == 3
        case = api.get("/v1/cases/KND-0001").json()
        assert case["forms"]["function"][0]["ecog"] == 3

    def test_larger_than_a_single_submission_may_be_are_refused_alone(self, api, registry, decide):
        large = orjson.dumps(a_submission("KND-L") | {"reason": " " * registry.settings.max_submission_bytes})
        sent = send(api, ndjson([large, a_submission()]))
        decide()
        receipt = api.get(sent.headers["location"]).json()
        assert (receipt["accepted"], receipt["rejected"]) == (1, 1)
        assert receipt["items"][0]["findings"][0]["rule"] == "too_large"

    def test_in_pages_when_there_are_many(self, api, decide):
        sent = send(api, b"x\n" * 1_001)
        decide()
        assert [one["position"] for one in whole(api, sent.headers["location"])] == list(range(1_001))


class TestBody:
    def test_may_be_compressed(self, api, decide):
        sent = send(api, gzip.compress(ndjson(many(3))), **{"Content-Encoding": "gzip"})
        decide()
        assert counts(api.get(sent.headers["location"]).json())["accepted"] == 3

    def test_that_grows_beyond_the_limit_is_refused(self, api):
        bomb = gzip.compress(bytes(101_000_000), 1)
        assert "decompressed" in only(send(api, bomb, **{"Content-Encoding": "gzip"}), 413, "too_large")[2]

    @pytest.mark.parametrize(
        ("body", "says"), [(b"{}", "it is not"), (gzip.compress(ndjson(many(9)), mtime=0)[:-9], "cut off")]
    )
    def test_that_is_no_whole_gzip_is_refused(self, api, body, says):
        assert says in only(send(api, body, **{"Content-Encoding": "gzip"}), 400, "bad_request")[2]

    def test_declared_too_large_is_refused_before_it_is_sent(self, api, key):
        """Only the head goes out, as of a client that waits for leave to send the rest."""
        with closing(
            http.client.HTTPConnection(api.base_url.host, api.base_url.port, timeout=5)
        ) as connection:
            connection.putrequest("POST", "/v1/batches")
            for name, value in (
                NDJSON | {"Authorization": f"Bearer {key}", "Content-Length": "100000001"}
            ).items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            assert answer.status == 413
            assert "100000001 bytes" in orjson.loads(answer.read())["detail"]

    @pytest.mark.parametrize(
        ("headers", "says"),
        [
            ({"Content-Type": "text/html"}, "application/x-ndjson"),
            (
                {"Content-Type": "application/x-ndjson", "Content-Encoding": "br"},
                "only compression taken is gzip",
            ),
        ],
    )
    def test_of_another_kind_is_refused(self, api, headers, says):
        assert says in only(send(api, b"{}", headers), 415, "unsupported_format")[2]

    @pytest.mark.parametrize(
        ("body", "code", "says"),
        [
            (b"[{]", "not_json", "column 3"),
            (b"{}", "wrong_type", "array of submissions"),
            (b"[]", "bad_request", "empty"),
            (b"", "not_json", "empty"),
        ],
    )
    def test_that_is_no_array_is_refused(self, api, body, code, says):
        pointer, found, sentence = only(send(api, body, JSON), 400, "bad_request")
        assert (pointer, found) == ("", code)
        assert says in sentence


class TestIdempotencyKey:
    def test_sent_twice_is_stored_once(self, api, registry):
        body = ndjson(many(5))
        first, second = (send(api, body, **{"Idempotency-Key": "b1"}).json() for _ in range(2))
        assert first == second
        with registry.work() as work:
            assert work.session.execute(text("SELECT count(*) FROM submission")).scalar_one() == 5

    def test_with_other_bytes_is_a_conflict(self, api):
        send(api, ndjson(many(1)), **{"Idempotency-Key": "b1"})
        only(send(api, ndjson(many(2)), **{"Idempotency-Key": "b1"}), 409, "conflict")

    def test_calls_at_the_same_moment_are_one(self, api, registry):
        answers = []

        def call():
            answers.append(send(api, ndjson(many(50)), **{"Idempotency-Key": "b1"}))

        threads = [threading.Thread(target=call) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {answer.status_code for answer in answers} == {202}
        assert len({answer.json()["id"] for answer in answers}) == 1
        with registry.work() as work:
            assert work.session.execute(text("SELECT count(*) FROM submission")).scalar_one() == 50

    def test_without_one_the_content_decides_what_is_added(self, api, decide):
        """The same batch twice and turned round: each submission has its verdict, no record is there twice."""
        documents = many(6)
        for order in (documents, documents, documents[::-1]):
            sent = send(api, ndjson(order))
            decide()
            assert counts(api.get(sent.headers["location"]).json())["accepted"] == 6
        for case in api.get("/v1/cases").json()["cases"]:
            assert len(api.get(f"/v1/cases/{case['registry_id']}/history").json()["versions"]) == 1


def test_another_sites_batch_is_not_found(api, client, registry):
    where = send(api, ndjson(many(1))).headers["location"]
    with registry.work() as work:
        add_site(work, "OSK", "Osaka", country="JP", timezone="Asia/Tokyo", actor="test")
        other = issue_key(work, "OSK", scopes=list(SCOPES), days=1, label=None, actor="test")
    only(client(other).get(where), 404, "not_found")
    assert api.get(where).status_code == 200


@pytest.mark.parametrize("after", [-(10**30), 10**30])
def test_any_page_may_be_asked_for(api, after):
    where = send(api, ndjson(many(1))).headers["location"]
    assert api.get(where, params={"after": after}).status_code in (200, 422)
