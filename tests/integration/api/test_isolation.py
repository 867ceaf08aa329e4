"""Every route, tried with what belongs to another hospital: its ids in addresses, parameters, bodies and files.

The routes are read off the application, so a new one is tried without being named here. What comes back must be what an
id that exists nowhere gives (404, or an answer about nothing), and must hold nothing of the other hospital.
"""

import re
from urllib.parse import quote

import pytest

from registry.domain.authority import SCOPES, table
from tests.calls import application, routes
from tests.factories import a_submission, ndjson
from tests.hospitals import a_hospital

KEYED = sorted(call for call in routes() if table()[call].needs in SCOPES and "report" not in call)
UNKNOWN = ["018f0000-0000-7000-8000-000000000000", "NO-000009-9", "nothing", "9223372036854775807"]


@pytest.fixture
def here(registry, client, decide):
    return a_hospital(registry, client, decide, "KND")


@pytest.fixture
def there(registry, client, decide):
    return a_hospital(registry, client, decide, "OSK")


def parameters(call):
    """Names of the parameters that may follow the address."""
    method, path = call.split(" ", 1)
    described = application().openapi()["paths"][path.replace(":path", "")][method.lower()]
    return [one["name"] for one in described.get("parameters", ()) if one["in"] == "query"]


def tell(api, call, value, **more):
    """Call a route with a value at each place of its address."""
    method, path = call.split(" ", 1)
    address = re.sub(r"\{[^}]+\}", quote(value, safe=""), path)
    if method == "POST" and "json" not in more and "content" not in more:
        more["json"] = {"text": "an answer"}
    return api.request(method, address, **more)


def without(answer, *values):
    """An answer without what is different in each: the values that were asked for, times and ids of the request."""
    found = re.sub(r"[0-9a-f]{8}-?[0-9a-f]{4}-?7[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}", "ID", answer.text)
    for value in values:
        found = found.replace(value, "ASKED")
    return answer.status_code, re.sub(r"[0-9a-f]{64}|\d{4}-\d\d-\d\dT[0-9:.+Z]+", "X", found)


def leaks(answer, there, asked=""):
    """What of the other hospital stands in an answer beside what was asked for."""
    said = (
        (answer.text + str(answer.headers)).replace(asked, "") if asked else answer.text + str(answer.headers)
    )
    return [mark for mark in there.marks if mark in said]


@pytest.mark.parametrize("call", [call for call in KEYED if "{" in call])
def test_in_addresses(here, there, call):
    nowhere = {without(tell(here.api, call, one), one) for one in UNKNOWN}
    for value in [one for ids in there.ids.values() for one in ids]:
        answer = tell(here.api, call, value)
        assert answer.status_code in (404, 409, 422, 202), (call, value, answer.text)
        assert without(answer, value) in nowhere, (call, value, answer.text)
        assert leaks(answer, there, asked=value) == []


@pytest.mark.parametrize("call", [call for call in KEYED if call.startswith("GET") and parameters(call)])
def test_in_parameters_and_cursors(here, there, call):
    """Every parameter with every id of the other: refused, or an answer without anything of theirs."""
    mine = next(iter(here.ids["batch"] if "batch" in call else here.ids["case"]))
    for name in parameters(call):
        for value in [*(one for ids in there.ids.values() for one in ids), "0", "1", "9999999"]:
            answer = tell(here.api, call, mine, params={name: value})
            assert answer.status_code < 500
            assert leaks(answer, there, asked=value) == [], (call, name, value)


@pytest.mark.parametrize("call", [call for call in KEYED if call.startswith("GET")])
def test_in_headers(here, there, call):
    """A correlation id or an idempotency key of another opens nothing."""
    mine = next(iter(here.ids["batch"] if "batch" in call else here.ids["case"]))
    headers = {"X-Correlation-Id": there.ids["correlation"][0], "Idempotency-Key": "OSK", "X-Site": "OSK"}
    answer = tell(here.api, call, mine, headers=headers)
    assert leaks(answer, there, asked=there.ids["correlation"][0]) == []


class TestBodies:
    def test_a_submission_about_another_sites_case_is_about_ones_own(self, here, there, decide):
        for name in (*there.ids["case"], *there.ids["registry id"]):
            sent = here.api.post("/v1/submissions", json=a_submission(name))
            decide()
            found = here.api.get(sent.headers["location"]).json()
            assert found["site"] == "KND"
            assert found["effect"]["records_known"] == 0, "it met the other hospital's records"
            assert leaks(here.api.get(f"/v1/cases/{name}"), there, asked=name) == []
        assert len(there.api.get("/v1/cases").json()["cases"]) == len(there.ids["case"])

    @pytest.mark.parametrize("dry", [True, False])
    def test_a_file_about_another_sites_cases_meets_none_of_them(self, here, there, decide, dry):
        names = [*there.ids["case"], *there.ids["registry id"]]
        body = ndjson([a_submission(name, site="OSK", site_id=there.site_id) for name in names])
        body += b"\n" + ndjson([a_submission(name) for name in names])
        headers = {"Content-Type": "application/x-ndjson"}
        sent = here.api.post("/v1/batches", params={"dry_run": dry}, content=body, headers=headers)
        if not dry:
            decide()
            sent = here.api.get(sent.headers["location"])
        said = sent.text
        for name in names:
            said = said.replace(name, "")
        assert [mark for mark in there.marks if mark in said and mark not in (there.code,)] == []
        assert len(there.api.get("/v1/cases").json()["cases"]) == len(there.ids["case"])

    def test_an_idempotency_key_is_a_sites_own(self, here, there):
        """The other used the key OSK for its batch."""
        headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": "OSK"}
        sent = here.api.post("/v1/batches", content=ndjson([a_submission()]), headers=headers)
        assert sent.status_code == 202
        assert sent.json()["id"] not in there.ids["batch"]

    def test_an_answer_to_another_sites_query_changes_nothing(self, here, there):
        (query,) = there.ids["query"]
        before = there.api.get("/v1/queries").json()
        assert here.api.post(f"/v1/queries/{query}/answer", json={"text": "we looked"}).status_code == 404
        assert there.api.get("/v1/queries").json() == before


def test_listings_hold_ones_own_and_nothing_else(here, there):
    for call in KEYED:
        if call.startswith("GET") and "{" not in call:
            answer = tell(here.api, call, "")
            assert leaks(answer, there) == [], call
            assert leaks(tell(there.api, call, ""), there), f"{call}: there was nothing to leak"
