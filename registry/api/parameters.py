"""Parameters that several calls take, each named once."""

import re
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Query
from pydantic import BeforeValidator

from registry.errors import BadRequest


async def idempotency_key(
    given: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="Repeat a call safely: the same key gives the same receipt.",
            json_schema_extra={"minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
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


def _no_number(given: Any) -> Any:
    """Refuse a bare number, which would be taken for seconds since 1970."""
    if isinstance(given, str) and not re.match(r"\d{4}-\d\d-\d\d", given, re.ASCII):
        raise ValueError("write a time with its zone, for example 2026-03-04T09:12:00+09:00")
    return given


NO_NUL: dict[str, Any] = {"pattern": "^[^\\u0000]*$"}
"""For the description: no text that PostgreSQL could look for has this character (``context.py`` refuses it)."""

Words = Annotated[str | None, Query(json_schema_extra=NO_NUL)]
Cursor = Annotated[UUID | None, Query(description="`next` of the page before.")]
Time = Annotated[datetime, BeforeValidator(_no_number)]


def iso(when: Any) -> str | None:
    """A time as it is printed: ISO 8601 in UTC."""
    return when.isoformat().replace("+00:00", "Z") if when else None
