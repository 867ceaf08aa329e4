"""Errors as ``application/problem+json`` (RFC 9457): one shape, with a pointer and a sentence for every fault.

What is none of these, a fault of the registry itself, is answered in ``context.py``.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import Match

from registry.api.accept import in_their_words
from registry.domain.findings import Finding
from registry.errors import KeyRefused, MpsError
from registry.formats.json import NOT_JSON
from registry.pipeline.intake import Unreadable

log = structlog.get_logger()

TYPE = "application/problem+json"
FHIR_TYPE = "application/fhir+json"

TITLES = {
    400: "The request cannot be understood",
    401: "The key was refused",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    409: "Conflict",
    413: "Too large",
    414: "The address is too long",
    415: "Unsupported format",
    422: "The data were refused",
    429: "Too many requests",
    431: "The head is too long",
    500: "Something broke in the registry",
    501: "Not read here",
    503: "Not available at the moment",
}


TABLE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
"""The OpenAPI entry of an answer that is a table."""


class ProblemError(BaseModel):
    """One fault: where, which, and what to do; ``place`` is that of the item in a body of many."""

    place: str | None = None
    pointer: str
    code: str
    detail: str


class Problem(BaseModel):
    """A problem as RFC 9457 describes it."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemError] = []


def responses(*statuses: int, key: bool = True) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI entries of these error statuses, and of those that every call has, or every one with a key."""
    content: dict[str, Any] = {TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    content[FHIR_TYPE] = {"schema": {"type": "object"}}  # for a caller who asks for FHIR
    every = {400, 414, 431, *((401, 403, 429, 503) if key else ()), *statuses}
    return {
        status: {"description": TITLES[status], "content": content, "model": Problem}
        for status in sorted(every)
    }


def problem(
    status: int,
    code: str,
    detail: str,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The response for a problem."""
    body = {
        "type": f"urn:mps:problem:{code}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "errors": errors or [{"pointer": "", "code": code, "detail": detail}],
    }
    return JSONResponse(body, status, media_type=TYPE, headers=dict(headers or {}))


def faults(findings: list[Finding]) -> list[dict[str, str]]:
    """Findings as the faults of a problem."""
    return [{"pointer": f.pointer, "code": f.rule, "detail": f.message} for f in findings]


def _answering(
    app: FastAPI, kind: type[Exception]
) -> Callable[[Callable[[Request, Any], JSONResponse]], Callable[[Request, Any], JSONResponse]]:
    """Register what answers a kind of exception, in the words of the caller."""

    def register(answer: Callable[[Request, Any], JSONResponse]) -> Callable[[Request, Any], JSONResponse]:
        def answered(request: Request, error: Exception) -> Response:
            return in_their_words(request, answer(request, error))

        app.add_exception_handler(kind, answered)
        return answer

    return register


def _methods(request: Request) -> list[str]:
    """The methods that the address takes, of all its routes: the one that was tried first names only its own."""

    def taken(method: str) -> bool:
        asked = dict(request.scope, method=method)
        return any(route.matches(asked)[0] is Match.FULL for route in request.app.router.routes)

    found = [method for method in ("DELETE", "GET", "PATCH", "POST", "PUT") if taken(method)]
    return sorted([*found, "HEAD"]) if "GET" in found else found


def install(app: FastAPI) -> None:
    """Give every exception its one answer."""
    on = partial(_answering, app)

    @on(MpsError)
    def known(_: Request, error: MpsError) -> JSONResponse:
        headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, KeyRefused) else {}
        if error.http_status == 408:
            headers["Connection"] = "close"  # RFC 9110: the rest of the body is not read
        if error.http_status == 503:
            headers["Retry-After"] = str(error.facts.get("retry_after", 5))
        pointer, code = error.facts.get("pointer", ""), error.facts.get("code", error.code)
        found = error.facts.get("faults") or [{"pointer": pointer, "code": code, "detail": str(error)}]
        return problem(error.http_status, error.code, str(error), found, headers)

    @on(Unreadable)
    def unreadable(_: Request, error: Unreadable) -> JSONResponse:
        not_json = any(f.rule in NOT_JSON for f in error.findings)
        status, code = (400, "not_json") if not_json else (422, "unreadable")
        places = "place" if len(error.findings) == 1 else "places"
        text = f"nothing was stored; mend the {len(error.findings)} {places} named below and send it again"
        return problem(status, code, text, faults(error.findings))

    @on(RequestValidationError)
    def wrong_parameters(_: Request, error: RequestValidationError) -> JSONResponse:
        found = [
            {
                "pointer": "".join(f"/{part}" for part in e["loc"]),
                "code": str(e["type"]),
                "detail": str(e["msg"]),
            }
            for e in error.errors()
        ]
        return problem(422, "wrong_parameters", "the request's parameters are not what the call takes", found)

    @on(HTTPException)
    def http(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 404:
            return problem(404, "not_found", "there is nothing here; GET /openapi.json lists the calls")
        if error.status_code == 405:
            allowed = ", ".join(_methods(request))
            text = f"this address takes {allowed}; GET /openapi.json lists the calls"
            return problem(405, "method_not_allowed", text, headers={"Allow": allowed})
        return problem(error.status_code, "http", str(error.detail), headers=error.headers)

    @on(OperationalError)
    @on(PoolTimeout)
    def database_away(_: Request, error: OperationalError | PoolTimeout) -> JSONResponse:
        log.warning("database_away", error=type(error).__name__)
        return problem(
            503,
            "database_away",
            "the registry cannot reach its database; try again",
            headers={"Retry-After": "5"},
        )
