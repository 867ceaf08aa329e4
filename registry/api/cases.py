"""``/v1/cases``: what the registry knows of the site's own cases.

A pseudonym may hold a slash, so a case is the rest of the path; one that ends in ``/history`` goes by its registry id.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from registry.api.deps import CallerDep, RegistryDep
from registry.api.parameters import Time
from registry.api.problems import responses
from registry.pipeline import cases

router = APIRouter(prefix="/v1/cases", tags=["cases"])


@router.get("", summary="Cases of the site", responses=responses(422))
def page(
    registry: RegistryDep,
    caller: CallerDep,
    cursor: Annotated[int, Query(ge=0, le=2**62)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, Any]:
    """A page in order of the registry's numbers; ``next`` is the cursor of the following one."""
    with registry.work(caller.site_pass) as work:
        return cases.list_cases(work, site_id=caller.site, after=cursor, limit=limit)


@router.get("/{case:path}/history", summary="Every version of every record", responses=responses(404, 422))
def history(registry: RegistryDep, caller: CallerDep, case: str) -> dict[str, Any]:
    """With when it was recorded, when it was accepted, and why it was changed."""
    with registry.work(caller.site_pass) as work:
        return cases.history(work, case, site_id=caller.site, actor=caller.actor)


@router.get(
    "/{case:path}",
    summary="One case: its current records and what is derived from them",
    responses=responses(404, 422),
)
def show(registry: RegistryDep, caller: CallerDep, case: str, as_of: Time | None = None) -> dict[str, Any]:
    """By registry id or by the site's pseudonym; with ``as_of`` as the registry knew it then."""
    with registry.work(caller.site_pass) as work:
        return cases.show_case(
            work, registry.settings, case, site_id=caller.site, actor=caller.actor, as_of=as_of
        )
