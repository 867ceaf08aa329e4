"""The HTTP shell: ``python -m registry.api.server``. Routes parse, call one function, and print."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial

from fastapi import Depends, FastAPI

from registry import logs
from registry.api import batches, cases, dictionary, events, health, problems, queries, reports, submissions
from registry.api.batch_room import BatchRoom
from registry.api.context import RequestContext
from registry.api.deps import listed
from registry.pipeline.callers import look_up
from registry.pipeline.group_commit import receive
from registry.pipeline.pressure import Pressure
from registry.pipeline.rate_limit import RateLimit
from registry.settings import Settings
from registry.store.database import ensure_schema
from registry.store.roles import Role
from registry.together import Together
from registry.wiring import Registry, connect

THREADS = 40
"""Requests that are answered at once, each with a connection of its own: the threads that AnyIO lets FastAPI have."""

COMPANY_SECONDS = 0.001
"""How long a request waits for others before its key is looked up. Those whose keys are looked up together are also stored
together, so that under load one thread, one statement and one commit do for a dozen of them."""

DESCRIPTION = """Cases of malignant psoas syndrome, sent by hospitals again and again as the illness goes on.

Send `Authorization: Bearer mps_<keyid>_<secret>`; the key decides the site. Errors are `application/problem+json`
(RFC 9457) with `errors[{pointer, code, detail}]`."""


@contextmanager
def limited(app: FastAPI, registry: Registry) -> Iterator[None]:
    """The application counts the writes of each key and the refused keys of each address, as the settings say."""
    settings = registry.settings
    quotas = {"writes": settings.rate_limit, "refused-keys": settings.refused_key_limit}
    limits = {
        policy: RateLimit(registry.redis(timeout=0.2), policy, quota, settings.rate_window_seconds)
        for policy, quota in quotas.items()
        if quota
    }
    app.state.limits = {policy: Together(limit.take) for policy, limit in limits.items()}
    try:
        yield
    finally:
        for limit in limits.values():
            limit.close()


def create(registry: Registry | None = None) -> FastAPI:
    """The application; without a registry it is made from the settings when the server starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if registry is not None:
            with attached(registry):
                yield
            return
        settings = Settings()
        logs.set_up(settings)
        connected = connect(settings, Role.API, pool=THREADS, gather=True)
        try:
            ensure_schema(connected.engine)
            connected.vault  # noqa: B018  (a wrong master key is told at the start, not to the first hospital)
            with attached(connected):
                yield
        finally:
            connected.close()

    @contextmanager
    def attached(registry: Registry) -> Iterator[None]:
        app.state.registry = registry
        app.state.callers = Together(partial(look_up, registry.glance), pause=COMPANY_SECONDS)
        app.state.intake = Together(partial(receive, registry.work, registry.settings))
        app.state.batch_room = BatchRoom(registry.settings)
        with limited(app, registry):
            yield

    app = FastAPI(
        title="MPS registry",
        version="1",
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,  # its page loads scripts from elsewhere; /openapi.json is the documentation
        redoc_url=None,
        redirect_slashes=False,  # the address of a redirection is made of the Host that the caller wrote
        dependencies=[Depends(listed)],
    )
    app.state.pressure = Pressure()
    app.add_middleware(RequestContext)
    problems.install(app)
    for module in (submissions, batches, cases, queries, events, reports, dictionary, health):
        app.include_router(module.router)
    return app
