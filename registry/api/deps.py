"""What routes depend on, each named once."""

from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from registry.api.metered import meter_refusal
from registry.errors import KeyRefused
from registry.pipeline.callers import Caller, require, the_entry
from registry.pipeline.pressure import Pressure
from registry.together import Together
from registry.wiring import Registry


def registry_of(request: Request) -> Registry:
    """The registry this application serves, for what is asked of each submission: a dependency costs more than it."""
    found: Registry = request.app.state.registry
    return found


async def the_registry(request: Request) -> Registry:
    """The same as a dependency; a coroutine, which spares the request a thread."""
    return registry_of(request)


RegistryDep = Annotated[Registry, Depends(the_registry)]

_bearer = HTTPBearer(auto_error=False, description="mps_<keyid>_<secret>, issued by `mps key issue`")


def call_of(request: Request) -> str:
    """The call of a request as the table of authority names it."""
    return f"{request.method} {request.scope['route'].path}"


async def listed(request: Request) -> None:
    """Refuse a route that has no row in the table of authority, whatever the route itself asks for."""
    the_entry(call_of(request))


async def the_caller(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Caller:
    """Who calls, and may: a hospital's key by its scopes, a person by the role."""
    callers: Together[str, Caller] = request.app.state.callers
    if credentials is None:
        raise KeyRefused()
    try:
        found = await callers.ask(credentials.credentials)
    except KeyRefused:
        await meter_refusal(request)
        raise
    require(found, call_of(request))
    return found


CallerDep = Annotated[Caller, Depends(the_caller)]


async def room(request: Request) -> None:
    """Refuse what would be stored while too much waits, before its body is read. A dry run stores nothing."""
    if request.query_params.get("dry_run", "false").lower() not in ("false", "0", "no", "off", "f", "n"):
        return
    registry, pressure = registry_of(request), cast(Pressure, request.app.state.pressure)
    if pressure.is_due():
        await run_in_threadpool(pressure.look, registry.work, registry.settings)
    pressure.admit(registry.settings)


Room = Depends(room)
