"""The edge: what a key may write in a while, bombs, other origins; over real sockets."""

import gzip
import time
from dataclasses import replace

import httpx
import pytest

from registry.pipeline.rate_limit import RateLimit
from registry.pipeline.sites import SCOPES, add_site, issue_key
from tests.factories import a_submission, many, ndjson
from tests.integration.api.test_operation import GONE
from tests.integration.conftest import SECONDS
from tests.problems import only, problem
from tests.waiting import until


class TestRateLimit:
    def test_writes_say_what_is_left_and_reads_say_nothing(self, api):
        sent = api.post("/v1/submissions", json=a_submission())
        assert sent.headers["ratelimit-policy"] == '"writes";q=30000;w=60'
        assert sent.headers["ratelimit"] == '"writes";r=29999;t=1'
        batch = api.post("/v1/batches", json=many(2))
        assert batch.headers["ratelimit"].startswith('"writes";r=2995')
        for path in (
            "/v1/submissions",
            sent.headers["location"],
            batch.headers["location"],
            "/v1/cases",
            "/healthz",
        ):
            assert not {"ratelimit", "ratelimit-policy"} & set(api.get(path).headers), path

    def test_beyond_it_is_429_until_the_time_that_was_said(self, with_settings, writer, key):
        url = with_settings(rate_limit=2, rate_window_seconds=2)
        assert [writer(url).status_code for _ in range(2)] == [202, 202]
        began = time.monotonic()
        refused = writer(url)
        assert "POST /v1/batches" in only(refused, 429, "too_many_requests")[2]
        assert refused.headers["ratelimit"] == '"writes";r=0;t=2'
        assert refused.headers["retry-after"] == "1"
        with httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {key}"}, trust_env=False
        ) as reader:
            assert [reader.get("/v1/submissions").status_code for _ in range(20)] == [200] * 20
        until(lambda: writer(url).status_code == 202)
        assert time.monotonic() - began < SECONDS

    def test_a_batch_is_counted_and_never_larger_than_the_bucket(self, with_settings, writer):
        url = with_settings(rate_limit=60, rate_window_seconds=3600)
        body = {"content": ndjson(many(2)), "headers": {"Content-Type": "application/x-ndjson"}}
        assert writer(url, path="/v1/batches", **body).headers["ratelimit"].startswith('"writes";r=10;')
        assert writer(url, path="/v1/batches", **body).status_code == 429
        small = with_settings(rate_limit=7, rate_window_seconds=3600)
        assert writer(small, bearer="other", path="/v1/batches", **body).status_code == 401

    def test_who_guesses_secrets_empties_nobodys_bucket(self, with_settings, writer, key):
        url = with_settings(rate_limit=3, rate_window_seconds=3600)
        wrong = key[:-1] + ("A" if key[-1] != "A" else "B")
        assert {writer(url, bearer=wrong).status_code for _ in range(5)} <= {401, 429}
        assert writer(url).status_code == 202

    def test_nought_does_not_limit(self, with_settings, writer):
        sent = writer(with_settings(rate_limit=0))
        assert sent.status_code == 202
        assert "ratelimit" not in sent.headers

    def test_without_redis_intake_goes_on_and_says_nothing(self, with_settings, the_registry, writer):
        servers = replace(the_registry.servers, redis_url=GONE.redis_url)
        url = with_settings(servers=servers, rate_limit=1, rate_window_seconds=3600)
        found = [writer(url) for _ in range(3)]
        assert [one.status_code for one in found] == [202] * 3
        assert "ratelimit" not in found[-1].headers


class TestRefusedKeys:
    WRONG = "mps_0123456789ab_" + "A" * 43

    def test_are_429_after_a_while_and_right_ones_are_never(self, with_settings, writer, key):
        """One hospital's machines share an address: what one of them guesses shuts none of them out."""
        url = with_settings(refused_key_limit=3, rate_window_seconds=3600)
        found = [writer(url, bearer=self.WRONG) for _ in range(5)]
        assert [one.status_code for one in found] == [401, 401, 401, 429, 429]
        assert "a right key is let in" in only(found[-1], 429, "too_many_requests")[2]
        assert found[-1].headers["ratelimit-policy"] == '"refused-keys";q=3;w=3600'
        assert int(found[-1].headers["retry-after"]) > 1000
        assert writer(url).status_code == 202  # its first use

        def read(bearer):
            headers = {"Authorization": f"Bearer {bearer}"}
            return httpx.get(f"{url}/v1/cases", headers=headers, trust_env=False, timeout=SECONDS).status_code

        assert (read(key), read(self.WRONG)) == (200, 429)

    def test_are_counted_by_the_address_that_a_trusted_proxy_names(self, with_settings, writer):
        url = with_settings(refused_key_limit=1, rate_window_seconds=3600)

        def status(address):
            return writer(url, bearer=self.WRONG, headers={"X-Forwarded-For": address}, json={}).status_code

        assert [status("192.0.2.1"), status("192.0.2.1"), status("192.0.2.2")] == [401, 429, 401]
        assert [status("2001:db8::1"), status("2001:db8::2"), status("2001:db8:0:1::1")] == [401, 429, 401]
        assert status("192.0.2.3, 192.0.2.1") == 429  # the last is the proxy's word, the first the caller's

    def test_nobody_else_names_the_address(self, with_settings, writer):
        url = with_settings(refused_key_limit=1, rate_window_seconds=3600, trusted_proxies=())
        found = [
            writer(url, bearer=self.WRONG, headers={"X-Forwarded-For": f"192.0.2.{n}"}, json={})
            for n in (1, 2)
        ]
        assert [one.status_code for one in found] == [401, 429]

    def test_no_key_at_all_is_no_guess(self, with_settings):
        url = with_settings(refused_key_limit=1)
        found = [httpx.get(f"{url}/v1/cases", trust_env=False, timeout=SECONDS) for _ in range(3)]
        assert [one.status_code for one in found] == [401] * 3

    def test_without_redis_they_stay_401(self, with_settings, the_registry, writer):
        servers = replace(the_registry.servers, redis_url=GONE.redis_url)
        url = with_settings(servers=servers, refused_key_limit=1)
        assert [writer(url, bearer=self.WRONG).status_code for _ in range(3)] == [401] * 3


class TestBucket:
    @pytest.fixture
    def bucket(self, registry):
        made = RateLimit(registry.redis(), "writes", 10, 100)
        yield made
        made.close()

    def test_units_come_back_evenly(self, bucket):
        (first,) = bucket.take([("k", 4)])
        assert (first.granted, first.remaining, round(first.full_in)) == (True, 6, 40)
        (refused,) = bucket.take([("k", 7)])
        assert (refused.granted, refused.remaining, round(refused.retry_after)) == (False, 6, 10)
        assert bucket.take([("k", 6)])[0].remaining == 0

    def test_who_takes_together_takes_one_after_the_other(self, bucket):
        found = bucket.take([("k", 6), ("k", 6), ("other", 6), ("k", 4)])
        assert [(one.granted, one.remaining) for one in found] == [
            (True, 4),
            (False, 4),
            (True, 4),
            (True, 0),
        ]

    def test_a_clock_that_was_set_back_locks_nobody_out_for_longer_than_a_window(self, bucket, registry):
        bucket.take([("k", 1)])
        (name,) = registry.redis().keys("mps:rate:*")
        registry.redis().set(name, time.time() + 1_000_000)
        (refused,) = bucket.take([("k", 1)])
        assert not refused.granted
        assert refused.retry_after <= 10

    def test_redis_holds_no_key_and_forgets_a_full_bucket(self, bucket, registry):
        bucket.take([("Bearer mps_0123456789ab_secret", 1)])
        (name,) = registry.redis().keys("mps:rate:*")
        assert b"secret" not in name
        assert b"0123456789ab" not in name
        assert 0 < registry.redis().pttl(name) <= 10_000

    def test_after_a_failure_it_is_not_asked_for_a_while(self, registry, monkeypatch):
        asked = []
        broken = RateLimit(registry.redis(), "writes", 10, 100)

        def refuse(**_):
            asked.append(1)
            raise ConnectionError

        monkeypatch.setattr(broken._redis, "pipeline", refuse)
        assert [broken.take([("k", 1)] * 2) for _ in range(3)] == [[None] * 2] * 3
        assert asked == [1]
        broken.close()


class TestLarge:
    def test_more_items_than_a_batch_may_have(self, with_settings, writer, registry):
        url = with_settings(max_batch_items=3)
        body = {"headers": {"Content-Type": "application/x-ndjson"}}
        assert writer(url, path="/v1/batches", content=ndjson(many(3)), **body).status_code == 202
        refused = writer(url, path="/v1/batches", content=b"{}\n" * 100_000, **body)
        assert "3 submissions" in only(refused, 413, "too_large")[2]
        with registry.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM submission").scalar_one() == 3

    def test_a_bomb_is_refused_at_its_limit(self, api, registry):
        bomb = gzip.compress(bytes(registry.settings.max_batch_bytes + 1), 1)
        assert len(bomb) < registry.settings.max_batch_bytes / 100
        sent = api.post(
            "/v1/batches",
            content=bomb,
            headers={"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"},
        )
        assert "decompressed" in only(sent, 413, "too_large")[2]

    @pytest.mark.parametrize("digits", ["9" * 30, "9" * 400, "-" + "9" * 30, "1e308"])
    def test_a_number_beyond_all_bounds_is_refused(self, api, digits):
        body = b'{"case":"A","recorded_at":"2026-01-01T00:00:00Z","forms":{"function":[{"assess_date":"2025-01-01","ecog":%s}]}}'
        assert api.post("/v1/submissions", content=body % digits.encode()).status_code in (400, 422)


class TestOtherOrigins:
    @pytest.mark.parametrize("method", ["OPTIONS", "GET", "POST"])
    def test_no_page_of_another_origin_may_read_an_answer(self, api, method):
        headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
        found = api.request(method, "/v1/submissions", headers=headers)
        assert not [name for name in found.headers if name.startswith("access-control")]
        assert found.headers["cross-origin-resource-policy"] == "same-origin"

    def test_a_preflight_is_refused(self, api):
        problem(
            api.options("/v1/submissions", headers={"Origin": "https://elsewhere.example"}),
            405,
            "method_not_allowed",
        )


def test_what_is_anothers_and_what_there_is_not_are_the_same_answer(api, client, registry, decide):
    with registry.work() as work:
        add_site(work, "OSK", "Osaka", country="JP", timezone="Asia/Tokyo", actor="test")
        stranger = client(issue_key(work, "OSK", scopes=list(SCOPES), days=1, label=None, actor="test"))
    sent = api.post("/v1/submissions", json=a_submission()).headers["location"]
    table = "case,recorded_at,function.assess_date,function.ecog\nKND-2,2026-03-04T09:12:00Z,2025-03-10,2\n"
    batch = api.post("/v1/batches", content=table, headers={"Content-Type": "text/csv"}).headers["location"]
    decide()
    nobody = "00000000-0000-7000-8000-000000000000"
    for theirs, none in (
        (sent, f"/v1/submissions/{nobody}"),
        (batch, f"/v1/batches/{nobody}"),
        (f"{batch}/errors.csv", f"/v1/batches/{nobody}/errors.csv"),
        ("/v1/cases/KND-0001", "/v1/cases/KND-9999"),
        ("/v1/cases/KND-000001-8", "/v1/cases/KND-000009-8"),
        ("/v1/cases/KND-0001/history", "/v1/cases/KND-9999/history"),
    ):
        found, absent = stranger.get(theirs), stranger.get(none)
        assert api.get(theirs).status_code == 200
        problem(found, 404, "not_found")
        assert found.content == absent.content
        passing = {"date", "x-correlation-id"}
        assert set(found.headers.items()) - {(n, found.headers[n]) for n in passing} == set(
            absent.headers.items()
        ) - {(n, absent.headers[n]) for n in passing}
