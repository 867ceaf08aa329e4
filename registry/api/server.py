"""The API's process: ``python -m registry.api.server``, uvicorn with connections of its own (``connection.py``).

Whoever starts it may pass a listening socket by its number in ``MPS_LISTEN_FD``: connections wait in it while one process
takes the place of another, so that a restart refuses nobody.
"""

import os
import resource
import socket
import sys
from functools import partial

import uvicorn
from fastapi import FastAPI

from registry import readiness
from registry.api.connection import Impatient
from registry.settings import Settings


def configuration(settings: Settings, application: FastAPI | None = None) -> uvicorn.Config:
    """uvicorn as the registry runs it, by default with the application that the settings make.

    The application writes its own line for each request.
    """
    return uvicorn.Config(
        application or "registry.api.app:create",
        factory=application is None,
        host=settings.host,
        port=settings.port,
        http=partial(Impatient, seconds=settings.head_seconds),  # type: ignore[arg-type]
        ws="none",
        server_header=False,
        access_log=False,
        log_level="warning",
        log_config=None,  # its lines go where all others go
        limit_concurrency=settings.max_connections,
        forwarded_allow_ips=list(settings.trusted_proxies),
    )


class Server(uvicorn.Server):
    """uvicorn's server, which tells when it is ready."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            readiness.tell()


def passed_sockets() -> list[socket.socket] | None:
    """The listening socket of whoever started this process; None: make one."""
    number = os.environ.pop("MPS_LISTEN_FD", None)
    return [socket.socket(fileno=int(number))] if number else None


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
    server = Server(configuration(settings))
    server.run(passed_sockets())
    sys.exit(0 if server.started else 3)
