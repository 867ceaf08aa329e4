"""The commands of an admin against a registry that runs: tables for people, JSON for programs, one exit status each."""

import json

import pytest

from tests.factories import a_course, a_state, a_submission

LISTINGS = [
    ("site", "list"),
    ("key", "list"),
    ("submission", "list"),
    ("case", "list"),
    ("query", "list"),
    ("report", "list"),
    ("queue", "status"),
    ("queue", "dead"),
    ("audit", "show"),
]


@pytest.fixture
def case(site):
    """A case with a query, accepted; gives its registry id."""
    forms = {"function": [a_state(ecog=0, kps=70)], **a_course()}
    site.decided(site.send([a_submission(forms=forms), {"case": "KND-9"}]))
    (found,) = site.ask("/v1/cases")["cases"]
    return found["registry_id"]


@pytest.mark.parametrize("command", LISTINGS, ids=" ".join)
def test_a_listing_is_a_table_or_json(up, case, command):
    assert up.mps_json(*command)
    table = up.mps(*command)
    assert table.returncode == 0
    assert table.stdout.strip()


def test_a_case_is_shown_and_explained(up, case):
    shown = up.mps_json("case", "show", case)
    assert shown["forms"]["function"][0]["kps"] == 70
    assert "OSONS" in up.mps("case", "show", case).stdout
    why = up.mps("case", "show", case, "--why", "OSONS").stdout
    assert "algorithm OSONS version" in why
    assert len(up.mps_json("case", "history", case)["versions"]) == 3


def test_a_query_is_answered_and_closed(up, site, case):
    (query,) = up.mps_json("query", "list", "--site", site.code, "--rule", "Q47")["queries"]
    assert "answered" in up.mps("query", "answer", query["id"], "we looked: it is right").stdout
    assert "closed" in up.mps("query", "close", query["id"], "confirmed by the hospital").stdout
    again = up.mps("query", "close", query["id"], "once more")
    assert (again.returncode, "closed" in again.stderr) == (2, True)


def test_a_submission_is_shown_in_full(up, site, case):
    listed = up.mps_json("submission", "list", "--site", site.code)["submissions"]
    assert [one["state"] for one in listed] == ["accepted", "rejected"]
    receipt = up.mps_json("submission", "show", listed[1]["id"])
    assert receipt["findings"][0]["pointer"]
    assert receipt["findings"][0]["message"] in up.mps("submission", "show", listed[1]["id"]).stdout


def test_sites_and_keys_come_and_go(up):
    code = "ADDED1"
    assert up.mps("site", "add", code, "Added", "--country", "JP", "--timezone", "Asia/Tokyo").returncode == 0
    assert up.mps("site", "add", code, "Again").returncode == 2
    assert up.mps("site", "add", "lower", "Name").returncode == 2
    key = up.mps("key", "issue", code, "--scope", "read", "--days", "3").stdout.strip()
    (listed,) = up.mps_json("key", "list", "--site", code)["keys"]
    assert listed["scopes"] == ["read"]
    assert key.split("_")[2] not in json.dumps(listed)
    hospital = up.site(code, key)
    assert hospital.ask("/v1/cases") == {"cases": [], "next": None}
    assert up.mps("key", "revoke", listed["id"]).returncode == 0
    assert hospital.api.get("/v1/cases").status_code == 401
    assert up.mps("site", "disable", code).returncode == 0


@pytest.mark.parametrize(
    "command",
    [
        ("case", "show", "KND-404404-0"),
        ("submission", "show", "x"),
        ("submission", "retry", "018f0000-0000-7000-8000-000000000000"),
        ("query", "answer", "x", "an answer"),
        ("key", "issue", "NOWHERE"),
        ("key", "revoke", "x"),
        ("queue", "replay"),
        ("queue", "replay", "x"),
        ("report", "show", "9999"),
        ("report", "build", "--audience", "everybody"),
        ("nonsense",),
        ("case",),
    ],
    ids=" ".join,
)
def test_what_is_wrong_ends_with_status_2_and_a_sentence(up, command):
    done = up.mps(*command)
    assert done.returncode == 2
    assert (done.stderr + done.stdout).strip()
    assert "Traceback" not in done.stderr


def test_the_doctor_finds_everything_well_and_hides_secrets(up):
    done = up.mps("doctor", MPS_API_KEY="mps_0123456789ab_hidden2hidden")
    assert done.returncode == 0, done.stdout + done.stderr
    for words in ("database: ok", "schema: ok", "queue: ok", "audit chain: ok"):
        assert words in done.stdout
    assert "MPS_API_KEY" in done.stdout
    assert "hidden2hidden" not in done.stdout.replace("\n", "")


def test_the_schema_is_up_to_date(up):
    assert up.mps("db", "check").returncode == 0


def test_a_port_that_is_taken_is_refused(up):
    done = up.mps("up", "--port", up.url.rpartition(":")[2])
    assert done.returncode == 2
    assert "choose another with --port" in done.stderr
