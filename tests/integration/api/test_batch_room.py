"""Room for batches: memory is bounded, one site cannot keep another out, and a place is given back whatever happens."""

import pytest

from registry.pipeline.sites import SCOPES, add_site, issue_key
from tests.factories import many, ndjson
from tests.problems import problem
from tests.sockets import raw

HEAD = "POST /v1/batches HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: 1000\r\nAuthorization: Bearer {}\r\n\r\n{{"
NDJSON = {
    "content": ndjson(many(2)),
    "headers": {"Content-Type": "application/x-ndjson"},
    "path": "/v1/batches",
}


@pytest.fixture
def other(registry, key):
    """A key of another site."""
    with registry.work() as work:
        add_site(work, "OSK", "Osaka", country="JP", timezone="Asia/Tokyo", actor="test")
        return issue_key(work, "OSK", scopes=list(SCOPES), days=1, label=None, actor="test")


def hold(url, key):
    """A connection on which a batch has begun to be read, and does not end."""
    connection = raw(url)
    head = HEAD.format(key).replace("Content-Length", "Expect: 100-continue\r\nContent-Length").encode()
    connection.sendall(head[:-1])
    assert connection.recv(65536).startswith(b"HTTP/1.1 100")  # its body is being read
    connection.sendall(b"x" * 500)  # 500 bytes have 500 seconds, where a byte a second is enough
    return connection


def test_of_one_site_half_are_read_at_a_time_and_another_finds_room(with_settings, writer, key, other):
    url = with_settings(batches_at_once=2, body_seconds=1, body_bytes_per_second=1)
    with hold(url, key):
        full = writer(url, **NDJSON)
        problem(full, 503, "full")
        assert int(full.headers["retry-after"]) > 0
        assert writer(url, bearer=other, **NDJSON).status_code == 202
        assert writer(url).status_code == 202  # single submissions need no place


def test_who_waits_is_served_when_a_place_is_free(with_settings, writer, key):
    url = with_settings(batches_at_once=2, body_seconds=20)
    with raw(url) as waiting:
        with hold(url, key):
            waiting.sendall(HEAD.format(key)[:-1].replace("1000", "2").encode() + b"{}")
        assert waiting.recv(65536).startswith(b"HTTP/1.1 202")


@pytest.mark.parametrize("body", [b"", b"{}", b"x" * 100])
def test_a_place_is_given_back_also_after_a_refusal(with_settings, writer, body):
    url = with_settings(batches_at_once=1)
    for media_type in ("application/json", "application/pdf", "text/csv", "application/fhir+json"):
        refused = {"content": body, "headers": {"Content-Type": media_type}, "path": "/v1/batches"}
        assert writer(url, **refused).status_code in (400, 415)
    assert writer(url, **NDJSON).status_code == 202
