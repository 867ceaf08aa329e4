"""HTTP/1.1 as the registry takes it: what h11 lets through and the registry does not, each refused with a problem.

What two readers of a request could understand differently is refused: a length beside chunks, and a header twice that
has one meaning. So is what costs a sender little and the registry much: long heads, and bodies in crumbs.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from registry.api.context import SECURITY_HEADERS
from registry.api.problems import problem
from registry.ids import new_id

MOST_HEAD = 32_768
"""Bytes of target and headers."""

MOST_HEADERS = 100

MOST_TARGET = 8_000
"""Bytes of the address with its query (RFC 9110 asks for that many)."""

FREE_PIECES, LEAST_PIECE = 1_000, 64
"""Pieces of a body that may be small, and how many bytes they must have on average from then on."""

ONCE = frozenset({b"authorization", b"content-encoding", b"content-type", b"idempotency-key"})
"""Headers that say one thing; of two, one reader takes the first and another the last."""

REFUSALS = {
    400: ("bad_request", "this is no HTTP/1.1 request that has one meaning only; nothing of it was read"),
    414: ("too_large", f"the address has more than {MOST_TARGET} bytes"),
    431: ("too_large", f"the head of the request has more than {MOST_HEAD} bytes or {MOST_HEADERS} headers"),
    501: ("bad_request", "of transfer encodings only `chunked` is read"),
    503: ("full", "too many requests are answered at this moment and nothing was stored; send it again"),
}


def refused(text: str, status: int = 400) -> h11.RemoteProtocolError:
    """What is raised for a request that is not taken."""
    return h11.RemoteProtocolError(text, error_status_hint=status)


class Wire(h11.Connection):
    """One connection's bytes as events, refusing more than h11 does.

    ``status`` says as what, ``bodiless`` whether the last request wants no body in its answer.
    """

    def __init__(self, is_full: Callable[[], bool]) -> None:
        super().__init__(h11.SERVER, max_incomplete_event_size=MOST_HEAD)
        self._is_full = is_full
        self._pieces = self._bytes = 0
        self.status, self.bodiless = 400, False

    def next_event(self) -> Any:
        """The next event. Raises ``RemoteProtocolError``."""
        try:
            event = super().next_event()
            if isinstance(event, h11.Request):
                self._look_at(event)
            elif isinstance(event, h11.Data):
                self._count(event)
        except h11.RemoteProtocolError as error:
            self.status = error.error_status_hint
            raise
        return event

    def _look_at(self, request: h11.Request) -> None:
        self._pieces = self._bytes = 0
        self.bodiless = request.method == b"HEAD"
        names = Counter(name for name, _ in request.headers)
        if len(request.target) > MOST_TARGET:
            raise refused("a long target", 414)
        size = len(request.target) + sum(len(name) + len(value) + 4 for name, value in request.headers)
        if size > MOST_HEAD or names.total() > MOST_HEADERS:
            raise refused("a long head", 431)
        if any(names[name] > 1 for name in ONCE):
            raise refused("a header twice")
        if b"content-length" in names and b"transfer-encoding" in names:  # RFC 9112, 6.1: request smuggling
            raise refused("a length beside chunks")
        if self._is_full():
            raise refused("full", 503)

    def _count(self, piece: h11.Data) -> None:
        self._pieces += 1
        self._bytes += len(piece.data)
        if self._pieces > FREE_PIECES and self._bytes < self._pieces * LEAST_PIECE:
            raise refused("a body in crumbs")


class Strict(H11Protocol):
    """uvicorn's protocol over such a wire; what it refuses is a problem like any other, and ends the connection."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        most = self.limit_concurrency
        self.limit_concurrency = None  # uvicorn would answer in words of its own
        self.conn = self.wire = Wire(lambda: most is not None and len(self.connections) > most)

    def send_400_response(self, msg: str) -> None:
        """Answer a request that was refused before the application saw it, unless an answer is on its way."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            status = self.wire.status if self.wire.status in REFUSALS else 400
            code, text = REFUSALS[status]
            again = {"retry-after": "5"} if status == 503 else {}
            said = SECURITY_HEADERS | again | {"x-correlation-id": new_id().hex, "connection": "close"}
            answer = problem(status, code, text, headers=said)
            for event in (
                h11.Response(status_code=status, headers=answer.raw_headers),
                h11.Data(data=b"" if self.wire.bodiless else bytes(answer.body)),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event))
        self.transport.close()
