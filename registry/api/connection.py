"""A connection of the API: it does not wait for ever, and ends without cutting anybody off.

uvicorn (0.54) waits for ever for the rest of a head that comes a byte at a time, for the rest of a body after the answer,
and for a client that does not read its answer; here all end after ``MPS_HEAD_SECONDS`` (the time of a body that is being read
is that of ``bodies.read_body``). A process that stops answers what still comes on open connections for ``LEAVING_SECONDS``,
and says with each answer that it is the last.
"""

import asyncio
from typing import Any

from registry.api.protocol import Strict

LEAVING_SECONDS = 2.0
"""A client that sends again on a connection at least so often never meets one that is closed under its request."""


class Impatient(Strict):
    """A connection that is closed when it keeps the server waiting outside of a request."""

    def __init__(self, *arguments: Any, seconds: float, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.seconds, self.leaving = seconds, False
        self.patience: asyncio.TimerHandle | None = None
        self.unread = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.leaving:
            self._say_that_it_is_the_last()
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """The server stops: the answer under way, or the next one, is the last."""
        self.leaving = True
        self._say_that_it_is_the_last()
        self.loop.call_later(LEAVING_SECONDS, self._end_idle)

    def _say_that_it_is_the_last(self) -> None:
        """uvicorn answers `Connection: close` to who asked for it, and closes then."""
        if self.cycle is not None and not self.cycle.response_started:
            self.headers.append((b"connection", b"close"))

    def _watch(self) -> None:
        """Let the time run while nothing is to be done but to wait for the client, from the first moment of that on."""
        if self.cycle is not None and not self.cycle.response_complete and not self.flow.write_paused:
            self._rest()
        elif self.patience is None:
            self.patience = self.loop.call_later(self.seconds, self._end)

    def _rest(self) -> None:
        if self.patience is not None:
            self.patience.cancel()
            self.patience = None

    def _end_idle(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self._rest()
            self._end()

    def _end(self) -> None:
        unread = self.transport.get_write_buffer_size()
        if not unread:
            self.transport.close()
        elif self.unread and unread >= self.unread:  # nothing was read in all this time
            self.transport.abort()
        else:
            self.unread = unread
            self.patience = self.loop.call_later(self.seconds, self._end)
