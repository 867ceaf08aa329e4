"""`mps submit` to the registry of this machine and through its API: the same words, the same exit status."""

import json

import orjson
import pytest

from tests.factories import a_state, a_submission, many, ndjson

REFUSED = a_submission("KND-BAD", forms={"function": [a_state("2199-01-01")]})
UNREADABLE = a_submission("KND-ODD", forms={"function": [a_state(ecoq=1)]})


@pytest.fixture(params=["local", "api"])
def submit(request, up, site, tmp_path):
    """Run `mps submit` on a file with this content; both ways."""
    way = [] if request.param == "local" else None
    environment = {} if request.param == "local" else {"MPS_API_URL": up.url, "MPS_API_KEY": site.key}

    def run(name: str, content: bytes, *options: str):
        file = tmp_path / name
        file.write_bytes(content)
        where = ["--site", site.code] if way is not None else []
        return up.mps("submit", str(file), *where, *options, **environment)

    return run


def test_what_is_right_is_accepted(submit, site):
    done = submit("cases.ndjson", ndjson(many(12)), "--wait", "--json")
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)
    assert (result["received"], result["accepted"], result["waiting"]) == (12, 12, 0)
    assert len(site.ask("/v1/cases")["cases"]) == 12


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("one.json", orjson.dumps(a_submission())),
        ("array.json", orjson.dumps([a_submission()])),
        ("lines.jsonl", ndjson([a_submission()])),
    ],
)
def test_the_ending_says_the_format(submit, name, content):
    done = submit(name, content, "--wait", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["accepted"] == 1


def test_what_is_refused_is_named_with_place_and_sentence(submit, site):
    done = submit("cases.ndjson", ndjson([a_submission(), REFUSED, b"not json", UNREADABLE]), "--wait")
    assert done.returncode == 1
    assert "received 4: 1 accepted, 3 rejected, 0 failed, 0 waiting" in done.stdout
    for words in ("E05", "2199-01-01", "not JSON", "did you mean `ecog`?", "/forms/function/0/ecoq"):
        assert words in done.stdout
    assert [case["case"] for case in site.ask("/v1/cases")["cases"]] == ["KND-0001"]


def test_a_dry_run_gives_the_verdicts_and_stores_nothing(submit, site):
    done = submit("cases.ndjson", ndjson([a_submission(), REFUSED, UNREADABLE]), "--dry-run")
    assert done.returncode == 1
    assert "1 would be accepted, 2 would be refused; nothing was stored" in done.stdout
    assert "did you mean `ecog`?" in done.stdout
    assert site.ask("/v1/submissions")["submissions"] == []


def test_a_file_that_is_no_array_is_refused_whole(submit, site):
    done = submit("cases.json", b"[{]")
    assert done.returncode in (1, 2)
    assert "not JSON" in done.stderr
    assert site.ask("/v1/submissions")["submissions"] == []


class TestWrongUsage:
    @pytest.mark.parametrize(
        ("options", "environment", "status", "says"),
        [
            ((), {}, 2, "--site"),
            (("--site", "NOWHERE"), {}, 2, "there is no site NOWHERE"),
            ((), {"MPS_API_URL": "http://127.0.0.1:1"}, 2, "MPS_API_KEY"),
            ((), {"MPS_API_URL": "http://127.0.0.1:1", "MPS_API_KEY": "mps_x"}, 3, "does not answer"),
            ((), {"MPS_CHUNK_SIZE": "none"}, 2, "MPS_CHUNK_SIZE"),
            (("--wait", "--timeout", "0"), {}, 2, "--timeout"),
        ],
    )
    def test_says_what_to_do(self, up, tmp_path, options, environment, status, says):
        file = tmp_path / "cases.ndjson"
        file.write_bytes(ndjson(many(1)))
        done = up.mps("submit", str(file), *options, **environment)
        assert done.returncode == status, done.stderr
        assert says in done.stderr
        assert "Traceback" not in done.stderr

    def test_of_a_key_that_is_refused(self, up, tmp_path):
        file = tmp_path / "cases.ndjson"
        file.write_bytes(ndjson(many(1)))
        done = up.mps("submit", str(file), MPS_API_URL=up.url, MPS_API_KEY="mps_0123456789ab_" + "a" * 43)
        assert done.returncode == 2
        assert "The key is missing, unknown, expired or revoked" in done.stderr

    @pytest.mark.parametrize("name", ["cases.txt", "cases", "missing.json"])
    def test_of_a_file_that_is_none(self, up, tmp_path, name):
        if name != "missing.json":
            (tmp_path / name).write_bytes(b"{}")
        done = up.mps("submit", str(tmp_path / name))
        assert done.returncode == 2
        assert name in done.stderr
