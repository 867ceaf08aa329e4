"""``/v1/events``: what a site is told by webhook, for a system that would rather ask, or that was away."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from registry.api.deps import CallerDep, RegistryDep
from registry.api.problems import responses
from registry.pipeline.webhooks import messages_after

router = APIRouter(prefix="/v1/events", tags=["events"])


@router.get("", summary="Verdicts and queries, oldest first", responses=responses(422))
def page(
    registry: RegistryDep,
    caller: CallerDep,
    after: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, Any]:
    """A page of messages after a cursor, as webhooks send them: ids only. ``cursor`` is that of the last one.

    A message may appear late behind a higher cursor for some minutes; ask again from a cursor a little before.
    """
    with registry.work(caller.site_pass) as work:
        return messages_after(work, caller.site, after, limit)
