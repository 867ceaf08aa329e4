"""``/v1/batches``: send many submissions in one body, read what became of each."""

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response, status
from fastapi.responses import JSONResponse

from registry.api.context import correlation_id
from registry.api.deps import BatchBody, IdempotencyKey, Reader, RegistryDep, Submitter
from registry.api.problems import responses
from registry.formats.incoming import split
from registry.ids import as_uuid
from registry.pipeline.receipt import batch_receipt
from registry.pipeline.receive import Received, receive_many, repeatable

router = APIRouter(prefix="/v1/batches", tags=["batches"])


@router.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    summary="Send many submissions",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/x-ndjson": {"schema": {"type": "string"}},
                "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
            },
        }
    },
    responses=responses(400, 401, 403, 409, 413, 415, 422, 503),
)
def send(
    registry: RegistryDep,
    caller: Submitter,
    body: BatchBody,
    key: IdempotencyKey,
    content_type: Annotated[str, Header()] = "application/json",
    content_encoding: Annotated[str | None, Header()] = None,
) -> Response:
    """Each item is judged by itself; one that is refused blocks no neighbour."""
    settings = registry.settings
    media_type = content_type.partition(";")[0].strip().lower()
    bodies = split(body, media_type, content_encoding, max_bytes=settings.max_batch_bytes)

    def once() -> Received:
        with registry.work() as work:
            return receive_many(
                work,
                settings,
                site_id=caller.site_id,
                bodies=bodies,
                digest=hashlib.sha256(body).hexdigest(),
                media_type=media_type,
                correlation_id=correlation_id(),
                idempotency_key=key,
            )

    received = repeatable(once)
    with registry.work() as work:
        answer = batch_receipt(work, received.id, caller.site_id)
    return JSONResponse(answer, 202, headers={"Location": f"/v1/batches/{received.id}"})


@router.get(
    "/{batch_id}", summary="Counts per state and row-level findings", responses=responses(401, 403, 404)
)
def show(registry: RegistryDep, caller: Reader, batch_id: str, after: int = -1) -> dict[str, Any]:
    """received = accepted + rejected + failed + waiting, always; ``next`` pages through the rows."""
    with registry.work() as work:
        return batch_receipt(work, as_uuid(batch_id), caller.site_id, after=after)
