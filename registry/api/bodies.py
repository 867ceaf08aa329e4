"""Bodies: read after the key was let in, no further than their limit, and not for longer than it takes."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from registry.api.batch_room import BatchRoom
from registry.api.deps import CallerDep, RegistryDep, registry_of
from registry.errors import TooLarge, TooSlow, UnsupportedFormat


async def read_body(request: Request, limit: int) -> bytes:
    """The body, refused as soon as it is known to be larger than the limit, or to come too slowly."""
    settings = registry_of(request).settings
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


async def submission_body(request: Request) -> bytes:
    """The body of a single submission; a request that does not say what it carries is taken for JSON."""
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedFormat("a submission is sent as application/json; say so in `Content-Type`")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise UnsupportedFormat(
            "a single submission is sent as it is; compressed ones go to POST /v1/batches"
        )
    return await read_body(request, registry_of(request).settings.max_submission_bytes)


async def batch_place(request: Request, caller: CallerDep) -> AsyncIterator[None]:
    """A place among the batches of this process, for as long as the request lasts."""
    room: BatchRoom = request.app.state.batch_room
    async with room.place(caller.site):
        yield


async def batch_body(
    request: Request, registry: RegistryDep, _: Annotated[None, Depends(batch_place)]
) -> bytes:
    """The body of a batch, as it came (perhaps compressed)."""
    return await read_body(request, registry.settings.max_batch_bytes)


SubmissionBody = Annotated[bytes, Depends(submission_body)]
BatchBody = Annotated[bytes, Depends(batch_body)]
