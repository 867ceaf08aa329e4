"""``/v1/batches``: send many submissions in one body, read what became of each."""

import hashlib
import io
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response, status
from fastapi.responses import JSONResponse, StreamingResponse

from registry.api.accept import wants_fhir
from registry.api.bodies import BatchBody
from registry.api.context import correlation_id
from registry.api.deps import CallerDep, RegistryDep, Room
from registry.api.metered import BATCH_UNITS, metered
from registry.api.parameters import IdempotencyKey
from registry.api.problems import TABLE, responses
from registry.errors import NotAllAccepted, TooLarge
from registry.formats.fhir import outcome
from registry.formats.incoming import FORMATS, split
from registry.formats.item import Incoming, Options
from registry.ids import as_uuid
from registry.pipeline.callers import Caller
from registry.pipeline.dry_run import rehearse
from registry.pipeline.receipt import batch_receipt, table_with_errors
from registry.pipeline.receive import receive_many, repeatable
from registry.wiring import Registry

router = APIRouter(prefix="/v1/batches", tags=["batches"])

MOST_DRY = 5_000
"""Items that are tried before the answer: the sender waits for it."""

MOST_NAMED = 1_000
"""Faults named of a body that is taken whole or not at all."""

_TEXT = {"schema": {"type": "string"}}
_OBJECT = {"schema": {"type": "object"}}
EITHER: dict[str, Any] = {"application/json": _OBJECT, outcome.MEDIA_TYPE: _OBJECT}
BODIES = {
    media_type: _OBJECT if media_type.endswith("json") and "ndjson" not in media_type else _TEXT
    for media_type in FORMATS
} | {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}}


def beside(
    content_type: Annotated[str, Header()] = "application/json",
    recorded_at: Annotated[
        str | None, Query(description="Time of recording, with its zone, of items that bring none.")
    ] = None,
    reason: Annotated[
        str | None, Query(description="Why accepted records are changed, for items that say nothing.")
    ] = None,
    form: Annotated[str | None, Query(description="Form of a table whose columns fit several.")] = None,
    case_system: Annotated[
        str | None, Query(description="Identifier system of the pseudonym in FHIR Patients.")
    ] = None,
) -> Options:
    """What the sender says beside the body."""
    charset = next(
        (
            value
            for name, _, value in (part.strip().partition("=") for part in content_type.split(";")[1:])
            if name.lower() == "charset"
        ),
        None,
    )
    return Options(recorded_at, reason, charset, form, case_system)


@router.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    dependencies=[metered(BATCH_UNITS), Room],
    summary="Send many submissions",
    openapi_extra={"requestBody": {"required": True, "content": BODIES}},
    responses=responses(408, 409, 413, 415, 422)
    | {200: {"description": "The verdicts of a dry run", "content": EITHER}, 202: {"content": EITHER}},
)
def send(
    registry: RegistryDep,
    caller: CallerDep,
    request: Request,
    body: BatchBody,
    key: IdempotencyKey,
    options: Annotated[Options, Depends(beside)],
    content_type: Annotated[str, Header()] = "application/json",
    content_encoding: Annotated[str | None, Header(json_schema_extra={"enum": ["gzip", "identity"]})] = None,
    *,
    dry: Annotated[
        bool, Query(alias="dry_run", description="Answer 200 with the verdicts and store nothing.")
    ] = False,
    all_or_nothing: Annotated[
        bool, Query(description="Store nothing (422) when any item would be refused as things stand.")
    ] = False,
) -> Response:
    """Each item is judged by itself; one that is refused blocks no neighbour, unless all or nothing is asked for."""
    settings = registry.settings
    media_type = content_type.partition(";")[0].strip().lower()

    def incoming() -> Incoming:
        return split(
            io.BytesIO(body),
            media_type,
            content_encoding,
            max_bytes=settings.max_batch_bytes,
            max_items=settings.max_batch_items,
            max_item_bytes=settings.max_submission_bytes,
            options=options,
        )

    if dry:
        return _answer(request, _verdicts(registry, caller, incoming()), 200)
    if all_or_nothing:
        _refuse_unless_all(_verdicts(registry, caller, incoming()))

    def once() -> UUID:
        with registry.work(caller.site_pass) as work:
            return receive_many(
                work,
                settings,
                site_id=caller.site,
                incoming=incoming(),
                digest=hashlib.sha256(body).hexdigest(),
                media_type=media_type,
                correlation_id=correlation_id(),
                idempotency_key=key,
                sender=caller.actor,
            )

    received = repeatable(once)
    with registry.work(caller.site_pass) as work:
        answer = batch_receipt(work, received, caller.site)
    return _answer(request, answer, 202, {"Location": f"/v1/batches/{received}"})


def _verdicts(registry: Registry, caller: Caller, incoming: Incoming) -> dict[str, Any]:
    """What would become of each item, and how many of which kind."""
    verdicts: list[dict[str, Any]] = []
    for _, verdict in rehearse(
        partial(registry.work, caller.site_pass),
        registry.settings,
        site_id=caller.site,
        items=incoming.items,
    ):
        if len(verdicts) >= MOST_DRY:
            raise TooLarge(f"at most {MOST_DRY} items are tried at once; send a part of the file")
        verdicts.append(verdict)
    accepted = sum(one["state"] == "accepted" for one in verdicts)
    return {
        "dry_run": True,
        "received": len(verdicts),
        "accepted": accepted,
        "rejected": len(verdicts) - accepted,
        "notes": [one.as_json() for one in incoming.notes],
        "verdicts": verdicts,
    }


def _refuse_unless_all(found: dict[str, Any]) -> None:
    """Raises ``NotAllAccepted`` naming what is to be mended."""
    if found["rejected"]:
        faults = [
            {
                "place": verdict["place"],
                "pointer": one["pointer"],
                "code": one["rule"],
                "detail": one["message"],
            }
            for verdict in found["verdicts"]
            if verdict["state"] == "rejected"
            for one in verdict["findings"]
            if one["severity"] == "reject"
        ]
        text = f"{found['rejected']} of {found['received']} items would be refused, so nothing was stored"
        raise NotAllAccepted(text, faults=faults[:MOST_NAMED])


def _answer(
    request: Request, receipt: dict[str, Any], code: int, headers: dict[str, str] | None = None
) -> JSONResponse:
    """The receipt, or the OperationOutcome that says the same."""
    if wants_fhir(request):
        return JSONResponse(outcome.of_batch(receipt), code, media_type=outcome.MEDIA_TYPE, headers=headers)
    return JSONResponse(receipt, code, headers=headers)


@router.get(
    "/{batch_id}",
    summary="Counts per state and row-level findings",
    responses=responses(404, 422) | {200: {"content": EITHER}},
)
def show(
    registry: RegistryDep, caller: CallerDep, batch_id: str, request: Request, after: int = -1
) -> Response:
    """received = accepted + rejected + failed + waiting, always; ``next`` pages through the rows.

    With ``Accept: application/fhir+json`` an OperationOutcome that says the same.
    """
    with registry.work(caller.site_pass) as work:
        receipt = batch_receipt(work, as_uuid(batch_id), caller.site, after=after)
    return _answer(request, receipt, 200)


@router.get(
    "/{batch_id}/errors.csv",
    summary="The table that was sent, with a column of errors",
    response_class=StreamingResponse,
    responses=responses(404, 409, 422) | TABLE,
)
def errors(registry: RegistryDep, caller: CallerDep, batch_id: str) -> StreamingResponse:
    """Every row as it came, with what is wrong in it: correct the rows and send the file again."""
    pieces = table_with_errors(
        partial(registry.work, caller.site_pass), as_uuid(batch_id), caller.site, actor=caller.actor
    )
    disposition = {"Content-Disposition": 'attachment; filename="errors.csv"'}
    return StreamingResponse(pieces, media_type="text/csv; charset=utf-8", headers=disposition)
