"""Slow senders and silent connections: none is waited for, and none keeps another from being served."""

import socket
import time

from tests.factories import many, ndjson
from tests.integration.conftest import SECONDS
from tests.sockets import drip, raw, until_closed
from tests.waiting import until


class TestSlow:
    HEAD = b"POST /v1/submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n"

    def head(self, key):
        return self.HEAD + f"Authorization: Bearer {key}\r\n\r\n".encode()

    def test_a_head_that_comes_by_the_byte_is_not_waited_for(self, with_settings):
        url = with_settings(head_seconds=0.5)
        with raw(url) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
            assert drip(connection, 10)

    def test_a_silent_connection_is_closed(self, with_settings):
        with raw(with_settings(head_seconds=0.5)) as connection:
            assert until_closed(connection) == b""

    def test_a_body_that_comes_by_the_byte_is_408(self, with_settings, key):
        url = with_settings(body_seconds=0.5)
        with raw(url) as connection:
            connection.sendall(self.head(key) + b'{"case":')
            found = until_closed(connection)
        assert found.startswith(b"HTTP/1.1 408")
        assert b"urn:mps:problem:too_slow" in found

    def test_a_large_body_has_more_time(self, with_settings, writer):
        url = with_settings(body_seconds=0.2, body_bytes_per_second=100)

        def slowly():
            body = ndjson(many(4))
            for start in range(0, len(body), 200):
                time.sleep(0.05)  # a slow line, not a wait for a state
                yield body[start : start + 200]

        sent = writer(
            url, path="/v1/batches", content=slowly(), headers={"Content-Type": "application/x-ndjson"}
        )
        assert sent.status_code == 202

    def test_after_a_refusal_the_rest_of_the_body_is_not_waited_for(self, with_settings, key):
        url = with_settings(head_seconds=0.5)
        with raw(url) as connection:
            connection.sendall(self.head(key).replace(b"json", b"pdf") + b"%PDF")
            assert connection.recv(65536).startswith(b"HTTP/1.1 415")
            assert drip(connection, 10)

    def test_others_are_served_meanwhile(self, with_settings, writer, key):
        url = with_settings(body_seconds=60)
        slow = [raw(url) for _ in range(100)]
        try:
            for connection in slow:
                connection.sendall(self.head(key))
            began = time.monotonic()
            assert writer(url).status_code == 202
            assert time.monotonic() - began < SECONDS
        finally:
            for connection in slow:
                connection.close()

    def test_a_client_that_does_not_read_its_answers_is_not_waited_for(self, with_settings):
        url = with_settings(head_seconds=0.2)
        with raw(url) as connection:
            connection.settimeout(0.2)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            ask = b"GET /v1/schema HTTP/1.1\r\nHost: x\r\n\r\n" * 40  # 4 MB of answers

            def is_shut_out() -> bool:
                try:
                    connection.sendall(ask)
                except (ConnectionResetError, BrokenPipeError):
                    return True
                except TimeoutError:
                    pass
                return False

            until(is_shut_out)

    def test_one_that_reads_slowly_gets_all_of_its_answer(self, with_settings):
        url = with_settings(head_seconds=0.3)
        with raw(url) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(b"GET /v1/schema HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            found = b""
            while piece := connection.recv(2048):
                found += piece
                time.sleep(0.002)  # a slow line, not a wait for a state
        head, _, body = found.partition(b"\r\n\r\n")
        assert f"content-length: {len(body)}\r\n".encode() in head + b"\r\n"
