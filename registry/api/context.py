"""The context of a request: a correlation id that travels to the task, security headers, and one log line.

What breaks on the way is answered here: outside of it, Starlette would hand the error on to the server, which logs its
message, and that may quote the data.
"""

import re
import time

import structlog
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from registry.api.problems import problem
from registry.errors import reason
from registry.ids import new_id

log = structlog.get_logger()

_CORRELATION = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)

SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

OVER_TLS = (b"strict-transport-security", b"max-age=63072000")
"""Where the caller came by TLS, as the proxy says: for two years by nothing else (RFC 6797)."""

_SECURITY = tuple((name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items())


class RequestContext:
    """Bind what the log lines of a request share, and clear it after."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = scope["method"]
        if asked == "HEAD":  # RFC 9110: as GET; the server leaves the body out
            scope = dict(scope, method="GET")
        given = Headers(scope=scope).get("x-correlation-id", "")
        correlation = given if _CORRELATION.fullmatch(given) else new_id().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=correlation)
        began = time.perf_counter()
        status: int | None = None

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    (b"x-correlation-id", correlation.encode()),
                    *scope.get("state", {}).get("answer_headers", ()),
                    *(pair for pair in _SECURITY if pair[0] not in given),
                ]
                if scope.get("scheme") == "https":
                    message["headers"].append(OVER_TLS)
            await send(message)

        try:
            if _has_nul(scope):
                text = "the address holds the character NUL, which no id, case or name has"
                await problem(400, "bad_request", text)(scope, receive, send_with_headers)
            else:
                await self.app(scope, receive, send_with_headers)
        except ClientDisconnect:
            status = 499  # nobody is there to read an answer
        except Exception as error:  # noqa: BLE001  (all of them have this one answer)
            log.error("request_failed", error=reason(error))
            if status is None:
                text = "the fault is in the registry; it was noted under the correlation id of this answer"
                await problem(500, "internal", text)(scope, receive, send_with_headers)
        finally:
            log.info(
                "request",
                method=asked,
                route=getattr(
                    scope.get("route"), "path", "?"
                ),  # never the path itself: it may carry a pseudonym
                status=status,
                ms=round((time.perf_counter() - began) * 1000, 1),
            )
            structlog.contextvars.clear_contextvars()


def _has_nul(scope: Scope) -> bool:
    """True for an address that PostgreSQL could not look for: none of its texts holds a NUL."""
    return "\0" in scope["path"] or b"%00" in scope["query_string"]


def correlation_id() -> str:
    """The correlation id of this request."""
    return str(structlog.contextvars.get_contextvars().get("correlation_id") or new_id().hex)
