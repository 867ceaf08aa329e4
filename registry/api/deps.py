"""What routes depend on, each named once."""

import asyncio
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from registry.errors import BadRequest, TooLarge, TooSlow, UnsupportedFormat
from registry.pipeline.callers import Caller, authenticate, require, the_entry
from registry.pipeline.intake import Intake
from registry.pipeline.pressure import Pressure
from registry.settings import Settings
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
    with registry.glance() as work:
        found = authenticate(work, credentials.credentials if credentials else None)
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


async def idempotency_key(
    given: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key", description="Repeat a call safely: the same key gives the same receipt."
        ),
    ] = None,
) -> str | None:
    """The caller's idempotency key, quoted (a structured field) or bare."""
    if given is None:
        return None
    key = given[1:-1] if len(given) > 1 and given[0] == given[-1] == '"' else given
    if not 1 <= len(key) <= 200 or not key.isascii() or not key.isprintable():
        raise BadRequest("Idempotency-Key takes 1 to 200 printable ASCII characters")
    return key


IdempotencyKey = Annotated[str | None, Depends(idempotency_key)]


async def read_body(request: Request, limit: int) -> bytes:
    """The body, refused as soon as it is known to be larger than the limit, or to come too slowly."""
    settings: Settings = request.app.state.registry.settings
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise TooLarge(f"the body has {declared} bytes; at most {limit} are taken")
    parts, size = [], 0
    began = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(settings.body_seconds) as patience:
            async for part in request.stream():
                size += len(part)
                if size > limit:
                    raise TooLarge(f"the body is larger than the {limit} bytes that are taken")
                parts.append(part)
                patience.reschedule(began + settings.body_seconds + size / settings.body_bytes_per_second)
    except TimeoutError:
        raise TooSlow(
            f"after {size} bytes the rest of the body did not come in time; send it again, in smaller parts"
        ) from None
    return b"".join(parts)


async def submission_body(request: Request, registry: RegistryDep) -> bytes:
    """The body of a single submission; a request that does not say what it carries is taken for JSON."""
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedFormat("a submission is sent as application/json; say so in `Content-Type`")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise UnsupportedFormat(
            "a single submission is sent as it is; compressed ones go to POST /v1/batches"
        )
    return await read_body(request, registry.settings.max_submission_bytes)


async def batch_body(request: Request, registry: RegistryDep) -> bytes:
    """The body of a batch, as it came (perhaps compressed)."""
    return await read_body(request, registry.settings.max_batch_bytes)


SubmissionBody = Annotated[bytes, Depends(submission_body)]
BatchBody = Annotated[bytes, Depends(batch_body)]


def iso(when: Any) -> str | None:
    """A time as it is printed: ISO 8601 in UTC."""
    return when.isoformat().replace("+00:00", "Z") if when else None
