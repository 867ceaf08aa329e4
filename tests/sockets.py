"""Bare connections, for what no client library would send."""

import socket
import time

SECONDS = 20.0


def raw(url: str) -> socket.socket:
    host, _, port = url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=SECONDS)


def until_closed(connection: socket.socket) -> bytes:
    """All that still comes; an end by reset is an end."""
    found = b""
    try:
        while piece := connection.recv(65536):
            found += piece
    except ConnectionResetError:
        pass
    return found


def drip(connection: socket.socket, seconds: float) -> bool:
    """Send a byte now and then; whether the other side closed the connection in time."""
    connection.settimeout(0.05)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            connection.sendall(b"a")
            if connection.recv(65536) == b"":
                return True
        except TimeoutError:
            continue
        except (ConnectionResetError, BrokenPipeError):
            return True
    return False
