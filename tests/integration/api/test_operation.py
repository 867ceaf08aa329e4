"""Liveness, readiness and figures; what is answered when the database or the queue is gone, or something breaks."""

from contextlib import ExitStack
from dataclasses import replace

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from registry.embedded import Servers
from registry.store.database import expected_revision
from registry.wiring import Registry
from tests.factories import a_submission
from tests.integration.conftest import served
from tests.problems import only, problem

GONE = Servers("postgresql://mps@/mps?host=/nowhere", "unix:///nowhere/valkey.sock?db=0")


@pytest.fixture
def elsewhere(the_registry: Registry):
    """Clients of an API whose servers are partly gone."""
    with ExitStack() as open_ones:

        def without(*, database: bool = False, queue: bool = False) -> httpx.Client:
            servers = Servers(
                (GONE if database else the_registry.servers).database_url,
                (GONE if queue else the_registry.servers).redis_url,
            )
            registry = replace(the_registry, servers=servers)
            url = open_ones.enter_context(served(registry))
            return open_ones.enter_context(httpx.Client(base_url=url, trust_env=False, timeout=20))

        yield without


class TestWithEverything:
    def test_it_is_alive_and_ready(self, api):
        assert api.get("/healthz").json() == {"status": "alive"}
        ready = api.get("/readyz")
        assert (ready.status_code, ready.json()) == (200, {"database": "ok", "schema": "ok", "queue": "ok"})

    def test_figures_tell_what_waits_and_name_no_case_and_no_hospital(self, api):
        api.post("/v1/submissions", json=a_submission())
        found = api.get("/metrics")
        assert found.headers["content-type"].startswith("text/plain")
        assert 'mps_submissions{state="received"} 1.0' in found.text
        assert "KND" not in found.text

    def test_none_of_them_needs_a_key(self, client):
        nobody = client(None)
        for path in (
            "/healthz",
            "/readyz",
            "/metrics",
            "/openapi.json",
            "/v1/dictionary",
            "/v1/schema",
            "/v1/rules",
        ):
            assert nobody.get(path).status_code == 200, path


ELSEWHERE = {"X-Forwarded-For": "192.0.2.1"}
"""What a proxy on this machine says."""


class TestFigures:
    def figures(self, url, **headers):
        return httpx.get(f"{url}/metrics", headers=headers, trust_env=False, timeout=20)

    def test_without_a_token_are_for_this_machine_alone(self, url):
        assert self.figures(url).status_code == 200
        assert "MPS_METRICS_TOKEN" in only(self.figures(url, **ELSEWHERE), 401, "key_refused")[2]

    def test_with_a_token_are_for_who_brings_it(self, with_settings, key):
        url = with_settings(metrics_token=SecretStr("s3cret"))
        assert self.figures(url, Authorization="Bearer s3cret", **ELSEWHERE).status_code == 200
        for wrong in ({}, {"Authorization": "Bearer s3cre"}, {"Authorization": f"Bearer {key}"}):
            only(self.figures(url, **wrong), 401, "key_refused")


class TestWithoutDatabase:
    def test_it_is_alive_and_not_ready(self, elsewhere):
        api = elsewhere(database=True)
        assert api.get("/healthz").status_code == 200
        ready = api.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["database"] != "ok"
        assert ready.json()["queue"] == "ok"

    def test_calls_are_told_to_come_again(self, elsewhere, key):
        api = elsewhere(database=True)
        headers = {"Authorization": f"Bearer {key}"}
        for answer in (
            api.post("/v1/submissions", json=a_submission(), headers=headers),
            api.get("/v1/cases", headers=headers),
            api.get("/metrics"),
        ):
            problem(answer, 503, "database_away")
            assert answer.headers["retry-after"] == "5"


class TestWithoutQueue:
    def test_it_is_ready_and_says_what_is_missing(self, elsewhere):
        ready = elsewhere(queue=True).get("/readyz")
        assert ready.status_code == 200
        assert "submissions are stored and wait" in ready.json()["queue"]

    def test_figures_leave_the_queues_out(self, elsewhere, registry):
        found = elsewhere(queue=True).get("/metrics")
        assert found.status_code == 200
        assert "mps_unsealed_events" in found.text
        assert "mps_queue_length{" not in found.text


def test_a_stale_schema_is_not_ready(api, registry):
    change = text("UPDATE alembic_version SET version_num = :version")
    try:
        with registry.engine.begin() as connection:
            connection.execute(change, {"version": "older"})
        ready = api.get("/readyz")
        assert ready.status_code == 503
        assert "mps db upgrade" in ready.json()["schema"]
    finally:
        with registry.engine.begin() as connection:
            connection.execute(change, {"version": expected_revision()})


class TestSomethingBroken:
    @pytest.fixture
    def broken(self, registry):
        """A table is gone: nobody foresaw that."""
        with registry.engine.begin() as connection:
            connection.execute(text("ALTER TABLE submission RENAME TO elsewhere"))
        yield
        with registry.engine.begin() as connection:
            connection.execute(text("ALTER TABLE elsewhere RENAME TO submission"))

    def test_is_answered_like_any_other_fault(self, api, broken):
        sent = api.post("/v1/submissions", json=a_submission(), headers={"X-Correlation-Id": "hospital-4711"})
        assert "under the correlation id" in only(sent, 500, "internal")[2]
        assert sent.headers["x-correlation-id"] == "hospital-4711"
        assert sent.headers["x-content-type-options"] == "nosniff"

    def test_is_logged_with_its_kind_and_place_and_no_data(self, api, broken, capfd, caplog):
        api.post(
            "/v1/submissions", json=a_submission("Yamada-Taro"), headers={"X-Correlation-Id": "hospital-4711"}
        )
        logged = "".join(capfd.readouterr()) + caplog.text
        assert "request_failed" in logged
        assert "ProgrammingError in registry.store." in logged
        assert "hospital-4711" in logged
        assert "Yamada" not in logged


class TestUnknownCalls:
    @pytest.mark.parametrize(
        "path", ["/", "/v1", "/v1/nothing", "/v2/submissions", "/docs", "/v1/submissions/a/b"]
    )
    def test_no_such_address(self, api, path):
        assert "/openapi.json" in only(api.get(path), 404, "not_found")[2]

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("DELETE", "/v1/submissions"),
            ("PUT", "/v1/cases/x"),
            ("POST", "/healthz"),
            ("PATCH", "/v1/batches"),
        ],
    )
    def test_no_such_method(self, api, method, path):
        answer = api.request(method, path)
        only(answer, 405, "method_not_allowed")
        assert answer.headers["allow"]


def test_every_answer_carries_the_headers_of_security(api, client):
    answers = (
        api.get("/healthz"),
        api.post("/v1/submissions", json=a_submission()),
        client(None).get("/v1/cases"),
        api.get("/nowhere"),
    )
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-correlation-id"]


def test_who_came_by_tls_is_told_to_stay_with_it(api):
    """As the proxy says; without one nobody is told, for a browser would not believe it."""
    assert (
        "max-age"
        in api.get("/healthz", headers={"X-Forwarded-Proto": "https"}).headers["strict-transport-security"]
    )
    assert "strict-transport-security" not in api.get("/healthz").headers


def test_the_description_of_the_api_names_every_fault_of_a_call(api):
    described = api.get("/openapi.json").json()
    assert "HTTPValidationError" not in described["components"]["schemas"]  # FastAPI's own, which nobody gets
    paths = described["paths"]
    assert {"400", "401", "403", "409", "413", "415", "422", "503"} <= paths["/v1/submissions"]["post"][
        "responses"
    ].keys()
    assert {"400", "401", "403", "409", "413", "415", "422", "503"} <= paths["/v1/batches"]["post"][
        "responses"
    ].keys()
    for path, calls in paths.items():
        for method, call in calls.items():
            assert call["summary"], (path, method)
