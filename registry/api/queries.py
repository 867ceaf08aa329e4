"""``/v1/queries``: what the registry asks the site, and the site's answers."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from registry.api.bodies import read_body
from registry.api.deps import CallerDep, RegistryDep
from registry.api.metered import metered
from registry.api.parameters import NO_NUL, Cursor, Words
from registry.api.problems import responses
from registry.formats import json as json_format
from registry.ids import as_uuid
from registry.pipeline.intake import Unreadable
from registry.pipeline.queries import act, list_queries

router = APIRouter(prefix="/v1/queries", tags=["queries"])


MAX_ANSWER_BYTES = 20_000
"""2000 characters, each escaped, and room to spare."""


class Answer(BaseModel):
    """The hospital's answer to a query."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str = Field(min_length=3, max_length=2_000, json_schema_extra=NO_NUL)


async def answer_body(request: Request) -> Answer:
    """The answer in the body, read as strictly as a submission."""
    parsed, problem = json_format.document(await read_body(request, MAX_ANSWER_BYTES), max_depth=3)
    if problem:
        raise Unreadable([problem])
    try:
        return Answer.model_validate(parsed)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_input=False)) from None


@router.get("", summary="Queries to the site, oldest first", responses=responses(404, 422))
def page(
    registry: RegistryDep,
    caller: CallerDep,
    state: Literal["open", "answered", "closed"] | None = "open",
    rule: Words = None,
    case: Words = None,
    older_than_days: Annotated[int, Query(ge=0, le=36_500)] = 0,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, Any]:
    """A page; ``next`` is the cursor of the following one."""
    with registry.work(caller.site_pass) as work:
        return list_queries(
            work,
            site_id=caller.site,
            state=state,
            rule=rule,
            case=case,
            older_than_days=older_than_days,
            after=cursor,
            limit=limit,
        )


@router.post(
    "/{query_id}/answer",
    dependencies=[metered()],
    summary="Answer a query",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": Answer.model_json_schema()}},
        }
    },
    responses=responses(404, 408, 409, 413, 422),
)
def answer(
    registry: RegistryDep, caller: CallerDep, query_id: str, given: Annotated[Answer, Depends(answer_body)]
) -> dict[str, Any]:
    """The answer is kept with its author and time; the data change only by a further submission."""
    with registry.work(caller.site_pass) as work:
        return act(work, as_uuid(query_id), "answer", given.text, site_id=caller.site, actor=caller.actor)
