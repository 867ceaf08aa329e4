"""``/v1/submissions``: send one, read its receipt, list what was sent."""

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response, status
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from registry.api.bodies import SubmissionBody
from registry.api.context import correlation_id
from registry.api.deps import CallerDep, RegistryDep, Room, registry_of
from registry.api.metered import meter
from registry.api.parameters import Cursor, IdempotencyKey, Time
from registry.api.problems import responses
from registry.ids import as_uuid
from registry.pipeline.callers import Caller
from registry.pipeline.dry_run import dry_run
from registry.pipeline.group_commit import Sent
from registry.pipeline.intake import checked
from registry.pipeline.receipt import listing, receipt
from registry.together import Together
from registry.wiring import Registry

router = APIRouter(prefix="/v1/submissions", tags=["submissions"])


@router.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    dependencies=[Room],
    summary="Send what is known about one case",
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
    },
    responses=responses(408, 409, 413, 415, 422),
)
async def send(
    request: Request,
    caller: CallerDep,
    body: SubmissionBody,
    key: IdempotencyKey,
    *,
    dry: Annotated[
        bool, Query(alias="dry_run", description="Answer 200 with the verdict and store nothing.")
    ] = False,
) -> Response:
    """Stored and answered at once (202); the verdict follows within seconds under the receipt's address."""
    await meter(request)
    registry = registry_of(request)
    if dry:
        return JSONResponse(await run_in_threadpool(_verdict, registry, caller, body))
    row = partial(
        checked,
        body,
        registry.settings,
        correlation_id=correlation_id(),
        idempotency_key=key,
        sender=caller.actor,
    )
    intake: Together[Sent, dict[str, Any]] = request.app.state.intake
    receipt = await intake.ask(Sent(caller.site, caller.site_pass, row))
    return JSONResponse(receipt, 202, headers={"Location": f"/v1/submissions/{receipt['id']}"})


def _verdict(registry: Registry, caller: Caller, body: bytes) -> dict[str, Any]:
    with registry.work(caller.site_pass) as work:
        return dry_run(work, registry.settings, site_id=caller.site, body=body)


@router.get("/{submission_id}", summary="The receipt of a submission", responses=responses(404, 422))
def show(registry: RegistryDep, caller: CallerDep, submission_id: str) -> dict[str, Any]:
    """State, findings with rule, pointer and message, and the derived values of the case."""
    with registry.work(caller.site_pass) as work:
        reader = caller.actor if caller.person else None
        return receipt(work, as_uuid(submission_id), caller.site, reader=reader)


@router.get("", summary="Submissions of the site, in order of arrival", responses=responses(422))
def page(
    registry: RegistryDep,
    caller: CallerDep,
    state: Literal["received", "accepted", "rejected", "failed"] | None = None,
    since: Time | None = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, Any]:
    """A page; ``next`` is the cursor of the following one, null at the end."""
    with registry.work(caller.site_pass) as work:
        return listing(work, site_id=caller.site, state=state, since=since, after=cursor, limit=limit)
