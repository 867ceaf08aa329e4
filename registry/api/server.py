"""The API's process: ``python -m registry.api.server``. uvicorn, which also closes connections that only wait.

uvicorn (0.54) closes a connection on which nothing comes after an answer; it waits for ever for the rest of a head that
comes a byte at a time, for the rest of a body after the answer was given, and for a client that does not read its answer.
Here all end after ``MPS_HEAD_SECONDS``. The time of a body that is being read is bounded by the application
(``bodies.read_body``).
"""

import asyncio
import resource
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import uvicorn
from fastapi import FastAPI

from registry.api.protocol import Strict
from registry.settings import Settings


class Impatient(Strict):
    """A connection that is closed when it keeps the server waiting outside of a request."""

    def __init__(self, *arguments: Any, seconds: float, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.seconds = seconds
        self.patience: asyncio.TimerHandle | None = None
        self.unread = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
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

    def _end(self) -> None:
        unread = self.transport.get_write_buffer_size()
        if not unread:
            self.transport.close()
        elif self.unread and unread >= self.unread:  # nothing was read in all this time
            self.transport.abort()
        else:
            self.unread = unread
            self.patience = self.loop.call_later(self.seconds, self._end)


def impatient(settings: Settings) -> Callable[..., Impatient]:
    """What makes the connections of a server with these settings."""
    return partial(Impatient, seconds=settings.head_seconds)


def configuration(settings: Settings, application: FastAPI | None = None) -> uvicorn.Config:
    """uvicorn as the registry runs it, by default with the application that the settings make.

    The application writes its own line for each request.
    """
    return uvicorn.Config(
        application or "registry.api.app:create",
        factory=application is None,
        host=settings.host,
        port=settings.port,
        http=impatient(settings),  # type: ignore[arg-type]
        ws="none",
        server_header=False,
        access_log=False,
        log_level="warning",
        log_config=None,  # its lines go where all others go
        limit_concurrency=settings.max_connections,
        forwarded_allow_ips=list(settings.trusted_proxies),
    )


FILES_BESIDE = 500
"""Open files beside those of the connections: database, queue, libraries."""


def allow_files(settings: Settings) -> None:
    """Let this process open a file for each connection that it may have; many systems begin with 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = settings.max_connections + FILES_BESIDE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        within = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (within, hard))


if __name__ == "__main__":
    settings = Settings()
    allow_files(settings)
    server = uvicorn.Server(configuration(settings))
    server.run()
    sys.exit(0 if server.started else 3)
