"""What routes depend on, each named once."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from registry.api.metered import meter_refusal
from registry.errors import KeyRefused
from registry.pipeline.callers import Caller, authenticate, require, the_entry
from registry.pipeline.group_commit import Intake
from registry.pipeline.pressure import Pressure
from registry.wiring import Registry


# These look at what is there already: as coroutines they spare the request a thread.
async def the_registry(request: Request) -> Registry:
    """The registry this application serves."""
    found: Registry = request.app.state.registry
    return found


async def the_intake(request: Request) -> Intake:
    """Where the single submissions of this process are stored."""
    found: Intake = request.app.state.intake
    return found


RegistryDep = Annotated[Registry, Depends(the_registry)]
IntakeDep = Annotated[Intake, Depends(the_intake)]

_bearer = HTTPBearer(auto_error=False, description="mps_<keyid>_<secret>, issued by `mps key issue`")


def call_of(request: Request) -> str:
    """The call of a request as the table of authority names it."""
    return f"{request.method} {request.scope['route'].path}"


async def listed(request: Request) -> None:
    """Refuse a route that has no row in the table of authority, whatever the route itself asks for."""
    the_entry(call_of(request))


def the_caller(
    request: Request,
    registry: RegistryDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    """Who calls, and may: a hospital's key by its scopes, a person by the role."""
    try:
        with registry.glance() as work:
            found = authenticate(work, credentials.credentials if credentials else None)
    except KeyRefused:
        if credentials:
            meter_refusal(request)
        raise
    require(found, call_of(request))
    return found


CallerDep = Annotated[Caller, Depends(the_caller)]


async def room(request: Request, registry: RegistryDep) -> None:
    """Refuse what would be stored while too much waits, before its body is read. A dry run stores nothing."""
    if request.query_params.get("dry_run", "false").lower() not in ("false", "0", "no", "off", "f", "n"):
        return
    pressure: Pressure = request.app.state.pressure
    if pressure.is_due():
        await run_in_threadpool(pressure.look, registry.work, registry.settings)
    pressure.admit(registry.settings)


Room = Depends(room)
