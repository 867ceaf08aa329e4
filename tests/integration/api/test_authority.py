"""Every role and every scope, tried on every route of the API; the table says what comes of it."""

import re

import pytest

from registry.domain.authority import GIVEN, OF_A_SITE, SCOPES, table
from registry.pipeline.people import add_person, change_role, disable_person
from registry.pipeline.sites import add_site, issue_key
from tests.calls import routes
from tests.factories import a_submission
from tests.integration.conftest import served
from tests.problems import only

CALLS = sorted(call for call in routes() if table()[call].needs != "machine")
"""Those that keys decide; the figures of the operator have a test of their own (``test_operation.py``)."""


def ask(api, call):
    """The status of a call whose addresses name nothing that there is."""
    method, path = call.split(" ", 1)
    body = {"json": {"text": "an answer"}} if method == "POST" else {}
    return api.request(method, re.sub(r"\{[^}]+\}", "nothing", path), **body).status_code


@pytest.fixture
def person(registry, key):
    """Keys of people by their role; those of a site belong to KND."""

    def made(role, name=None):
        site = "KND" if role in OF_A_SITE else None
        with registry.work() as work:
            return add_person(work, name or role.replace("_", "."), role, site=site, days=1, actor="test")

    return made


@pytest.mark.parametrize("role", GIVEN)
def test_every_role_on_every_route(client, person, role):
    api = client(person(role))
    for call in CALLS:
        allowed = table()[call].needs == "nothing" or role in table()[call].roles
        assert (ask(api, call) not in (401, 403)) == allowed, call


@pytest.mark.parametrize("scope", SCOPES)
def test_every_scope_on_every_route(client, registry, key, scope):
    with registry.work() as work:
        api = client(issue_key(work, "KND", scopes=[scope], days=1, label=None, actor="test"))
    for call in CALLS:
        allowed = table()[call].needs in ("nothing", scope)
        assert (ask(api, call) != 403) == allowed, call
        assert ask(api, call) != 401


@pytest.mark.parametrize("bearer", [None, "", "mps_0123456789ab_" + "x" * 43, "Basic x", "mps__"])
def test_without_a_key_only_what_needs_nothing(client, key, bearer):
    api = client(bearer)
    for call in CALLS:
        assert (ask(api, call) != 401) == (table()[call].needs == "nothing"), call


def test_a_route_that_was_forgotten_in_the_table_is_refused(the_registry, client, key):
    def forget(app):
        app.add_api_route("/v1/forgotten", lambda: {"secret": 1})

    with served(the_registry, forget) as url:
        answer = client(key).get(f"{url}/v1/forgotten")
    assert "has no row" in only(answer, 403, "not_allowed")[2]


class TestPeople:
    def test_of_a_site_see_its_cases_and_no_others(self, client, person, registry, api, decide, key):
        with registry.work() as work:
            add_site(work, "OSK", "Osaka", country=None, timezone="UTC", actor="test")
            other = client(issue_key(work, "OSK", scopes=list(SCOPES), days=1, label=None, actor="test"))
        for one, case in ((api, "KND-1"), (other, "OSK-1")):
            one.post("/v1/submissions", json=a_submission(case)).raise_for_status()
        decide()
        found = client(person("site_investigator")).get("/v1/cases").json()["cases"]
        assert [case["case"] for case in found] == ["KND-1"]

    def test_who_is_disabled_or_given_another_role_is_so_at_once(self, client, person, registry):
        api = client(person("site_entry", "a.person"))
        assert api.get("/v1/cases").status_code == 200
        with registry.work() as work:
            change_role(work, "a.person", "monitor", site=None, actor="test")
        assert "the role `monitor` may not" in only(api.get("/v1/cases"), 403, "not_allowed")[2]
        with registry.work() as work:
            disable_person(work, "a.person", actor="test")
        only(api.get("/v1/reports"), 401, "key_refused")
