"""Requests that are no HTTP, or that two readers could understand differently, or that cost more than they should."""

import re

import orjson
import pytest

from registry.api.context import SECURITY_HEADERS
from registry.api.protocol import FREE_PIECES, MOST_HEAD, MOST_HEADERS, MOST_TARGET
from tests.factories import a_submission
from tests.problems import SHAPE
from tests.sockets import raw, until_closed

BODY = orjson.dumps(a_submission())
CHUNKED = b"Transfer-Encoding: chunked\r\n"
LAST = b"Connection: close\r\n"


@pytest.fixture
def send(with_settings, key):
    """Sends bytes; gives all statuses, and the last answer's headers and body, which must be all that came.

    To a server that ends with the test: what is refused midway may still be at work when its answer is there.
    """
    url = with_settings()

    def sent(data):
        with raw(url) as connection:
            connection.sendall(data)
            found = until_closed(connection)
        answers = list(re.finditer(rb"HTTP/1.1 (\d{3}) ", found))
        head, _, body = found[answers[-1].start() :].partition(b"\r\n\r\n")
        headers = dict(line.decode().split(": ", 1) for line in head.split(b"\r\n")[1:])
        return [int(one[1]) for one in answers], headers, body

    def post(
        *headers, body=BODY, length=True, target=b"/v1/submissions", method=b"POST", host=b"Host: x\r\n"
    ):
        head = [method, b" ", target, b" HTTP/1.1\r\n", host, f"Authorization: Bearer {key}\r\n".encode()]
        if length:
            head.append(b"Content-Length: %d\r\n" % len(body))
        return b"".join([*head, *headers, b"\r\n", body])

    sent.post, sent.url = post, url
    return sent


def chunks(*pieces):
    return b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in pieces) + b"0\r\n\r\n"


def refused(found, *statuses):
    """Hold the last answer to the shape of a problem; the connection has ended."""
    seen, headers, body = found
    assert seen == list(statuses)
    assert headers["content-type"] == "application/problem+json"
    assert headers["connection"] == "close"
    assert headers["x-correlation-id"]
    assert {name: headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert "server" not in headers
    problem = orjson.loads(body)
    SHAPE.validate(problem)
    assert problem["status"] == statuses[-1]


class TestMeaning:
    @pytest.mark.parametrize(
        "headers",
        [
            CHUNKED,  # beside the length
            b"Content-Length: 3\r\n",
            b"Content-Length: +3\r\n",
            b"Authorization: Bearer other\r\n",
            b"Idempotency-Key: a\r\nIdempotency-Key: b\r\n",
            b"Content-Encoding: gzip\r\nContent-Encoding: identity\r\n",
            b"Content-Type: text/csv\r\nContent-Type: application/json\r\n",
            b"Host: y\r\n",
            b"Transfer-Encoding : chunked\r\n",
            b"X: a\0b\r\n",
            b"X: a\rb\r\n",
        ],
    )
    def test_of_a_head_that_has_two_is_refused(self, send, registry, headers):
        refused(send(send.post(headers)), 400)
        with registry.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM submission").scalar_one() == 0

    @pytest.mark.parametrize("coding", [b"gzip, chunked", b"identity", b"xchunked", b"chunked, chunked"])
    def test_of_another_coding_is_not_guessed(self, send, coding):
        refused(send(send.post(b"Transfer-Encoding: %s\r\n" % coding, length=False, body=chunks(BODY))), 501)

    @pytest.mark.parametrize(
        "body",
        [
            b"zz\r\nabc\r\n",
            b"-5\r\nabcde\r\n",
            b"f" * 30 + b"\r\n",
            b"5\r\nabcde\r\nQQ\r\n",
            b"3\r\nabcd\r\n",
        ],
    )
    def test_of_chunks_that_are_none_is_not_guessed(self, send, body):
        refused(send(send.post(CHUNKED, length=False, body=body)), 400)

    @pytest.mark.parametrize(
        "data",
        [
            b"GET /healthz\r\n\r\n",
            b"\x16\x03\x01\0\xa5\x01\0",
            b"GET  / HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1\r\n\r\n",
        ],
    )
    def test_of_what_is_no_http_is_not_guessed(self, send, data):
        refused(send(data + bytes(200)), 400)

    def test_requests_in_a_row_are_answered_in_their_order(self, send):
        one = send.post(target=b"/v1/submissions?dry_run=true")
        get = b"GET /healthz HTTP/1.1\r\nHost: x\r\n%s\r\n"
        assert send(one + get % b"" + send.post() + get % LAST)[0] == [200, 200, 202, 200]

    def test_rubbish_after_a_request_takes_nothing_from_its_answer(self, send):
        refused(send(send.post() + b"\0rubbish\r\n\r\n"), 202, 400)

    def test_a_body_in_chunks_is_read_and_trailers_are_not(self, send):
        body = chunks(BODY[:10], BODY[10:])[:-2] + b"Authorization: Bearer other\r\n\r\n"
        assert send(send.post(CHUNKED + LAST, length=False, body=body))[0] == [202]

    def test_leave_to_send_is_given_or_refused_before_the_body(self, send):
        expect = b"Expect: 100-continue\r\n"
        with raw(send.url) as connection:
            connection.sendall(
                send.post(expect + b"Content-Length: %d\r\n" % len(BODY) + LAST, length=False, body=b"")
            )
            assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
            connection.sendall(BODY)
            assert b"HTTP/1.1 202 " in until_closed(connection)
        with raw(send.url) as connection:
            connection.sendall(send.post(expect + b"Content-Length: 1000000000\r\n", length=False, body=b""))
            assert connection.recv(65536).startswith(b"HTTP/1.1 413 ")


class TestBounds:
    def test_a_long_address(self, send):
        refused(send(send.post(target=b"/v1/cases/" + b"a" * MOST_TARGET, method=b"GET", body=b"")), 414)

    def test_a_long_head(self, send):
        refused(send(send.post(b"X: " + b"a" * MOST_HEAD + b"\r\n")), 431)

    def test_many_headers(self, send):
        refused(send(send.post(b"X: a\r\n" * MOST_HEADERS)), 431)

    def test_a_head_without_end(self, url):
        with raw(url) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nX: " + b"a" * 200_000)
            assert until_closed(connection)[:12] in (
                b"HTTP/1.1 431",
                b"",
            )  # the rest may reset the connection

    def test_a_body_in_crumbs(self, send):
        """Each piece costs the server as much as a kilobyte in one."""
        crumbs = chunks(*[b" "] * (FREE_PIECES + 1))
        refused(send(send.post(CHUNKED, length=False, body=crumbs)), 400)
        few = chunks(*(BODY[i : i + 1] for i in range(len(BODY))))
        assert send(send.post(CHUNKED + LAST, length=False, body=few))[0] == [202]

    def test_more_connections_than_are_served(self, with_settings):
        url = with_settings(max_connections=10)
        others = [raw(url) for _ in range(12)]
        try:
            others[-1].sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            found = until_closed(others[-1])
            assert found.startswith(b"HTTP/1.1 503 ")
            assert b"retry-after: 5\r\n" in found
            assert found.endswith(b"}")
        finally:
            for one in others:
                one.close()


class TestMethods:
    def test_head_is_get_without_the_body(self, api):
        for path in ("/healthz", "/v1/cases", "/v1/dictionary.csv", "/v1/cases/none"):
            got, head = api.get(path), api.head(path)
            assert (head.status_code, head.content) == (got.status_code, b"")
            passing = {"date", "x-correlation-id"}
            assert {n: v for n, v in head.headers.items() if n not in passing} == {
                n: v for n, v in got.headers.items() if n not in passing
            }

    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [
            ("PUT", "/v1/submissions", "GET, HEAD, POST"),
            ("OPTIONS", "/v1/batches", "POST"),
            ("HEAD", "/v1/batches", "POST"),
            ("DELETE", "/v1/cases/a/b", "GET, HEAD"),
            ("TRACE", "/v1/queries/x/answer", "POST"),
            ("QUERY", "/healthz", "GET, HEAD"),
        ],
    )
    def test_405_names_every_method_of_the_address(self, api, method, path, allowed):
        found = api.request(method, path)
        assert (found.status_code, found.headers["allow"]) == (405, allowed)

    def test_no_answer_is_made_of_the_host_that_the_caller_wrote(self, api):
        found = api.get("/v1/submissions/", headers={"Host": "elsewhere.example"}, follow_redirects=False)
        assert found.status_code == 404
        assert "elsewhere" not in str(found.headers) + found.text
