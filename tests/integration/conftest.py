"""The API over real HTTP, and the pipeline without a worker."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Row, text

from registry.api.app import create
from registry.api.server import configuration
from registry.pipeline.chunk import run_chunk
from registry.store.roles import Role
from registry.wiring import Registry
from tests.roles import working_as
from tests.waiting import until

SECONDS = 20.0
"""Deadline of every wait."""


@contextmanager
def served(registry: Registry, prepare: Callable[[FastAPI], object] = lambda _: None) -> Iterator[str]:
    """The application on a port that the kernel chooses, as the role of the API; gives its address."""
    with working_as(Role.API, registry) as api, socket.create_server(("127.0.0.1", 0)) as listening:
        app = create(api)
        prepare(app)
        server = uvicorn.Server(configuration(api.settings, app))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            until(lambda: server.started or not thread.is_alive())
            assert thread.is_alive(), "the server ended"
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(SECONDS)


@pytest.fixture(scope="session")
def worker(the_registry: Registry) -> Iterator[Registry]:
    """The registry as a worker has it."""
    with working_as(Role.WORKER, the_registry) as found:
        yield found


@pytest.fixture(scope="session")
def url(the_registry: Registry) -> Iterator[str]:
    """The address of the API, the same for all tests of this session; its registry is that of ``registry``."""
    with served(the_registry) as found:
        yield found


@pytest.fixture
def client(url: str) -> Iterator[Callable[[str | None], httpx.Client]]:
    """Clients of the API by their key."""
    made: list[httpx.Client] = []

    def with_key(key: str | None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        made.append(httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=SECONDS))
        return made[-1]

    yield with_key
    for one in made:
        one.close()


@pytest.fixture
def api(client: Callable[[str | None], httpx.Client], key: str) -> httpx.Client:
    """A client with the key of KND."""
    return client(key)


@pytest.fixture
def decide(registry: Registry, worker: Registry) -> Callable[[], int]:
    """Decide all that waits, in one chunk, as a worker would."""

    def now() -> int:
        with registry.work() as work:
            waiting = text("SELECT id FROM submission WHERE state = 'received' ORDER BY id")
            ids = list(work.session.execute(waiting).scalars())
        return run_chunk(worker.work, worker.settings, ids) if ids else 0

    return now


@pytest.fixture
def rows(registry: Registry) -> Callable[..., list[Row[Any]]]:
    """Ask the database."""

    def ask(sql: str, **values: Any) -> list[Row[Any]]:
        with registry.work() as work:
            return list(work.session.execute(text(sql), values).all())

    return ask
