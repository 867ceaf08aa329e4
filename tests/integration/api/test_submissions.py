"""``/v1/submissions`` over real HTTP: what is taken, what is refused, and with which words."""

import threading
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import text

from registry.pipeline.keys import revoke_key
from registry.pipeline.sites import SCOPES, add_site, disable_site, issue_key
from tests.factories import a_course, a_record, a_state, a_submission
from tests.problems import only, problem


def stored(registry) -> int:
    with registry.work() as work:
        return work.session.execute(text("SELECT count(*) FROM submission")).scalar_one()


def send(api: httpx.Client, document=None, **request) -> httpx.Response:
    return api.post("/v1/submissions", **({"json": document} if document is not None else {}), **request)


class TestReceipt:
    def test_is_given_at_once_and_the_verdict_follows_under_its_address(self, api, decide):
        sent = send(api, a_submission(forms=a_course()))
        assert sent.status_code == 202
        receipt = sent.json()
        assert sent.headers["location"] == f"/v1/submissions/{receipt['id']}"
        assert (receipt["state"], receipt["case"], receipt["site"]) == ("received", "KND-0001", "KND")
        assert receipt["derived"] == receipt["findings"] == []
        assert decide() == 1
        found = api.get(sent.headers["location"]).json()
        assert (found["state"], found["registry_id"]) == ("accepted", "KND-000001-8")
        assert found["effect"] == {"case": "KND-000001-8", "records_added": 2, "records_known": 0, "late": []}
        assert found["decided_at"] >= found["received_at"]
        assert "OSONS" in {one["outcome"] for one in found["derived"]}

    def test_of_a_refused_one_says_rule_place_and_what_to_do(self, api, decide):
        forms = {"function": [a_state()], "death": a_record("death", death_date="2025-03-09")}
        where = send(api, a_submission(forms=forms)).headers["location"]
        decide()
        found = api.get(where).json()
        assert (found["state"], found["registry_id"], found["derived"]) == ("rejected", None, [])
        (finding,) = [one for one in found["findings"] if one["rule"] == "E02"]
        assert finding["severity"] == "reject"
        assert finding["pointer"].startswith("/forms/")
        assert api.get("/v1/cases").json()["cases"] == []

    def test_of_the_same_content_again_adds_nothing(self, api, decide):
        for _ in range(2):
            where = send(api, a_submission()).headers["location"]
            decide()
        assert api.get(where).json()["effect"]["records_added"] == 0

    def test_carries_the_correlation_id_of_the_request(self, api):
        sent = send(api, a_submission(), headers={"X-Correlation-Id": "hospital-4711"})
        assert sent.headers["x-correlation-id"] == "hospital-4711"
        assert sent.json()["correlation_id"] == "hospital-4711"

    @pytest.mark.parametrize("given", ["short", "x" * 65, "with space", "näme-0001"])
    def test_a_correlation_id_that_could_hurt_a_log_is_replaced(self, api, given):
        sent = send(api, a_submission(), headers={"X-Correlation-Id": given.encode()})
        assert sent.status_code == 202
        assert sent.headers["x-correlation-id"] != given


class TestBadBody:
    @pytest.mark.parametrize(
        ("body", "code", "says"),
        [
            (b"", "not_json", "the body is empty"),
            (b"{'case': 1}", "not_json", "line 1, column 2"),
            (b'{"case": NaN}', "not_json", "column 10"),
            (b'{"case": "\xff"}', "not_json", "not UTF-8"),
            (b'{"case": "A", "case": "B"}', "duplicate_key", "`case` stands twice"),
            (b"[" * 30 + b"]" * 30, "too_deep", "deeper than 20 levels"),
        ],
    )
    def test_that_is_no_json(self, api, registry, body, code, says):
        pointer, found, sentence = only(send(api, content=body), 400, "not_json")
        assert (pointer, found) == ("", code)
        assert says in sentence
        assert stored(registry) == 0

    def test_with_nul_is_refused_at_its_place(self, api, registry):
        """PostgreSQL stores no NUL in text or JSON: accepted here, it would break every step after."""
        forms = {"mps_episode": [{"onset_note": "left\0right"}]}
        pointer, code, _ = only(send(api, a_submission(forms=forms)), 400, "not_json")
        assert (pointer, code) == ("/forms/mps_episode/0/onset_note", "nul_character")
        assert stored(registry) == 0

    @pytest.mark.parametrize(
        ("document", "pointer", "code", "says"),
        [
            ([], "", "wrong_type", "one JSON object"),
            ({}, "/case", "required", "pseudonym"),
            (a_submission(recorded_at="2026-03-04T09:12:00"), "/recorded_at", "recorded_at", "with its zone"),
            (a_submission(forms={}), "/forms", "wrong_type", "at least one form"),
            (a_submission(formz={}), "/formz", "unknown_field", "did you mean `forms`?"),
            (
                a_submission(forms={"functoin": []}),
                "/forms/functoin",
                "unknown_form",
                "did you mean `function`?",
            ),
            (
                a_submission(forms={"function": [a_state(ecoq=1)]}),
                "/forms/function/0/ecoq",
                "unknown_field",
                "did you mean `ecog`?",
            ),
            (a_submission(forms={"function": [a_state(ecog="2")]}), "/forms/function/0/ecog", "", "integer"),
            (
                a_submission(forms={"function": a_state()}),
                "/forms/function",
                "wrong_type",
                "array of objects",
            ),
            (
                a_submission(forms={"function": [a_state(assess_date="2025-02-30")]}),
                "/forms/function/0/assess_date",
                "E06",
                "2025-02 has 28 days",
            ),
            (
                a_submission(forms={"function": [a_state(assess_date="10.03.2025")]}),
                "/forms/function/0/assess_date",
                "E06",
                "write YYYY",
            ),
            (
                a_submission(forms={"symptoms": [{"side": "links"}]}),
                "/forms/symptoms/0/side",
                "E14",
                "'left'",
            ),
        ],
    )
    def test_that_does_not_follow_the_dictionary(self, api, registry, document, pointer, code, says):
        faults = problem(send(api, document), 422, "unreadable")
        (fault,) = [one for one in faults if one["pointer"] == pointer]
        assert fault["code"] == code or not code
        assert says in fault["detail"]
        assert stored(registry) == 0

    def test_all_mistakes_are_named_at_once(self, api):
        forms = {"function": [a_state(ecog=9), a_state(assess_date="2025-13")], "deth": {}}
        faults = problem(send(api, a_submission(case="", forms=forms)), 422, "unreadable")
        assert [fault["pointer"] for fault in faults] == [
            "/case",
            "/forms/function/0/ecog",
            "/forms/function/1/assess_date",
            "/forms/deth",
        ]

    @pytest.mark.parametrize(
        ("rule", "form", "values"),
        [
            (
                "E13",
                "analgesic",
                {"drug_name": "fentanyl", "route": "TD", "dose_value": 2, "dose_unit": "mg/d"},
            ),
            (
                "E14",
                "primary_cancer",
                {"primary_no": 1, "topography": {"system": "ICD-O-3", "code": "C99.9"}},
            ),
        ],
        ids=["unit", "code"],
    )
    def test_a_wrong_unit_or_an_unknown_code_is_refused_by_its_rule(self, api, decide, rule, form, values):
        where = send(api, a_submission(forms={form: [a_record(form, **values)]})).headers["location"]
        decide()
        verdict = api.get(where).json()
        assert verdict["state"] == "rejected"
        (finding,) = [one for one in verdict["findings"] if one["rule"] == rule]
        assert finding["pointer"].startswith(f"/forms/{form}/0/")

    def test_that_is_too_large_is_refused_by_its_declared_size(self, api, registry):
        body = b" " * (registry.settings.max_submission_bytes + 1)
        assert "1000001 bytes" in only(send(api, content=body), 413, "too_large")[2]

    def test_that_is_too_large_is_refused_without_a_declared_size(self, api, registry):
        """Sent in chunks, its size is known only while it comes; a client that goes on sending may be cut off."""
        response = send(api, content=(b" " * 100_000 for _ in range(11)))
        assert "1000000" in only(response, 413, "too_large")[2]
        assert stored(registry) == 0

    def test_as_large_as_allowed_is_read(self, api, registry):
        body = b" " * registry.settings.max_submission_bytes
        assert only(send(api, content=body), 400, "not_json")[2] == "not JSON: the body is empty"

    @pytest.mark.parametrize(
        "media_type", ["text/csv", "application/x-www-form-urlencoded", "application/xml"]
    )
    def test_of_another_media_type(self, api, media_type):
        sent = send(api, content=b"{}", headers={"Content-Type": media_type})
        assert "application/json" in only(sent, 415, "unsupported_format")[2]

    def test_that_is_compressed(self, api):
        sent = send(api, content=b"{}", headers={"Content-Encoding": "gzip"})
        assert "/v1/batches" in only(sent, 415, "unsupported_format")[2]


class TestKey:
    def test_missing(self, client, registry):
        response = send(client(None), a_submission())
        only(response, 401, "key_refused")
        assert response.headers["www-authenticate"] == "Bearer"
        assert stored(registry) == 0

    @pytest.mark.parametrize("given", ["x", "mps_0123456789ab_" + "a" * 43, "mps_" + "é" * 20])
    def test_unknown(self, url, given):
        with httpx.Client(base_url=url, trust_env=False) as nobody:
            sent = send(nobody, a_submission(), headers={"Authorization": f"Bearer {given}".encode()})
        only(sent, 401, "key_refused")

    def test_wrong_secret_of_a_known_key(self, client, key):
        only(send(client(key[:-1] + ("A" if key[-1] != "A" else "B")), a_submission()), 401, "key_refused")

    def test_other_kind_of_authorization(self, url, key):
        with httpx.Client(base_url=url, auth=("mps", key), trust_env=False) as basic:
            only(send(basic, a_submission()), 401, "key_refused")

    def test_revoked(self, api, registry, key):
        assert send(api, a_submission()).status_code == 202
        with registry.work() as work:
            revoke_key(work, key.split("_")[1], actor="test")
        only(send(api, a_submission()), 401, "key_refused")

    def test_expired(self, api, registry):
        with registry.work() as work:
            past = datetime.now(UTC) - timedelta(seconds=1)
            work.session.execute(text("UPDATE api_key SET expires_at = :past"), {"past": past})
        only(send(api, a_submission()), 401, "key_refused")

    def test_of_a_disabled_site(self, api, registry):
        with registry.work() as work:
            disable_site(work, "KND", actor="test")
        only(send(api, a_submission()), 401, "key_refused")

    def test_every_refusal_has_the_same_words(self, client, api, key, registry):
        """So that nobody learns which keys exist."""
        answers = [send(client(None), {}).json(), send(client("mps_0123456789ab_" + "a" * 43), {}).json()]
        with registry.work() as work:
            revoke_key(work, key.split("_")[1], actor="test")
        answers.append(send(api, {}).json())
        assert answers[0] == answers[1] == answers[2]

    def test_without_the_scope(self, client, registry, key):
        with registry.work() as work:
            reading = issue_key(work, "KND", scopes=["read"], days=1, label=None, actor="test")
        reader = client(reading)
        assert "`submit`" in only(send(reader, a_submission()), 403, "not_allowed")[2]
        assert reader.get("/v1/submissions").status_code == 200

    def test_decides_the_site_and_hides_what_is_another_ones(self, client, registry, key):
        with registry.work() as work:
            add_site(work, "OSK", "Osaka", country="JP", timezone="Asia/Tokyo", actor="test")
            other = issue_key(work, "OSK", scopes=list(SCOPES), days=1, label=None, actor="test")
        ours, theirs = client(key), client(other)
        where = send(ours, a_submission()).headers["location"]
        assert ours.get(where).status_code == 200
        foreign, unknown = (
            theirs.get(where),
            theirs.get("/v1/submissions/018f0000-0000-7000-8000-000000000000"),
        )
        only(foreign, 404, "not_found")
        assert foreign.json() == unknown.json()
        assert theirs.get("/v1/submissions").json()["submissions"] == []

    @pytest.mark.parametrize("name", ["x", "..", "%2e%2e%2fetc", "0" * 40])
    def test_what_is_no_id_is_not_found(self, api, name):
        only(api.get(f"/v1/submissions/{name}"), 404, "not_found")

    def test_an_address_with_nul_is_no_address(self, api):
        for address in ("/v1/submissions/%00", "/v1/cases/%00", "/v1/queries?rule=%00"):
            only(api.get(address), 400, "bad_request")


class TestIdempotencyKey:
    def test_same_bytes_give_the_same_receipt(self, api, registry):
        first, second = (send(api, a_submission(), headers={"Idempotency-Key": "k1"}) for _ in range(2))
        assert second.status_code == 202
        assert first.json() == second.json()
        assert stored(registry) == 1

    def test_other_bytes_are_a_conflict(self, api, registry):
        send(api, a_submission(), headers={"Idempotency-Key": '"k1"'})
        again = send(api, a_submission("KND-0002"), headers={"Idempotency-Key": "k1"})
        assert "use a new key" in only(again, 409, "conflict")[2]
        assert stored(registry) == 1

    def test_a_refused_call_does_not_use_it_up(self, api):
        problem(send(api, {}, headers={"Idempotency-Key": "k1"}), 422, "unreadable")
        assert send(api, a_submission(), headers={"Idempotency-Key": "k1"}).status_code == 202

    @pytest.mark.parametrize("given", ["", '""', "x" * 201, "tab\there"])
    def test_what_is_none_is_refused(self, api, given):
        only(send(api, a_submission(), headers={"Idempotency-Key": given}), 400, "bad_request")

    def test_calls_at_the_same_moment_are_one(self, api, registry):
        answers = []
        threads = [
            threading.Thread(
                target=lambda: answers.append(send(api, a_submission(), headers={"Idempotency-Key": "k1"}))
            )
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {answer.status_code for answer in answers} == {202}
        assert len({answer.json()["id"] for answer in answers}) == 1
        assert stored(registry) == 1


class TestDryRun:
    def test_answers_with_the_verdict_and_stores_nothing(self, api, registry):
        sent = send(api, a_submission(forms=a_course()), params={"dry_run": "true"})
        assert sent.status_code == 200
        found = sent.json()
        assert (found["dry_run"], found["state"], found["effect"]) == (True, "accepted", {"records_added": 2})
        assert found["derived"]
        assert stored(registry) == 0
        assert api.get("/v1/cases").json()["cases"] == []

    def test_looks_at_what_is_stored(self, api, decide):
        send(api, a_submission())
        decide()
        changed = a_submission(recorded_at="2026-03-05T00:00:00Z", forms={"function": [a_state(ecog=3)]})
        found = send(api, changed, params={"dry_run": "true"}).json()
        assert (found["state"], found["derived"]) == ("rejected", [])
        assert [one["rule"] for one in found["findings"]] == ["E12"]

    def test_today_is_the_day_of_the_site_as_it_is_when_processed(self, api, registry, decide):
        """On Kiritimati it is two days later than on the day that is ending at Baker Island; E05 allows one."""
        with registry.work() as work:
            work.session.execute(text("UPDATE site SET timezone = 'Etc/GMT-14'"))
            there = work.session.execute(
                text("SELECT CAST(now() AT TIME ZONE 'Etc/GMT-14' AS date)")
            ).scalar_one()
        days = [(there + timedelta(days=n)).isoformat() for n in (1, 2)]
        for day, state in zip(days, ("accepted", "rejected"), strict=True):
            document = a_submission(f"KND-{day}", forms={"function": [a_state(day)]})
            assert send(api, document, params={"dry_run": "true"}).json()["state"] == state
            where = send(api, document).headers["location"]
            decide()
            assert api.get(where).json()["state"] == state

    def test_refuses_what_can_not_be_read(self, api):
        problem(send(api, {}, params={"dry_run": "true"}), 422, "unreadable")


class TestListing:
    def test_pages_lead_through_everything_in_order_of_arrival(self, api):
        sent = [send(api, a_submission(f"KND-{n}")).json()["id"] for n in range(5)]
        found, cursor = [], None
        for _ in range(3):
            page = api.get(
                "/v1/submissions", params={"limit": 2} | ({"cursor": cursor} if cursor else {})
            ).json()
            found += [one["id"] for one in page["submissions"]]
            cursor = page["next"]
        assert found == sent
        assert cursor is None

    def test_is_narrowed_by_state_and_time(self, api, decide):
        send(api, a_submission())
        decide()
        later = send(api, a_submission("KND-2")).json()

        def ids(**wanted):
            return [one["id"] for one in api.get("/v1/submissions", params=wanted).json()["submissions"]]

        assert ids(state="received") == ids(since=later["received_at"]) == [later["id"]]
        assert len(ids(state="accepted")) == 1
        assert ids(since="2199-01-01T00:00:00Z") == []

    @pytest.mark.parametrize(
        "wanted", [{"limit": 0}, {"limit": 1001}, {"limit": "x"}, {"state": "lost"}, {"since": "yesterday"}]
    )
    def test_wrong_parameters_are_named(self, api, wanted):
        (fault,) = problem(api.get("/v1/submissions", params=wanted), 422, "wrong_parameters")
        assert fault["pointer"] == f"/query/{next(iter(wanted))}"

    @pytest.mark.parametrize(
        "since", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01"]
    )
    def test_any_time_may_be_asked_for(self, api, since):
        assert api.get("/v1/submissions", params={"since": since}).status_code in (200, 422)
