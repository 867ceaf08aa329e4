"""The one shape of an error answer (RFC 9457), to which every one is held."""

from typing import Any

import httpx
import jsonschema_rs

SHAPE = jsonschema_rs.validator_for(
    {
        "type": "object",
        "properties": {
            "type": {"type": "string", "pattern": "^urn:mps:problem:[a-z_]+$"},
            "title": {"type": "string", "minLength": 5},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string", "minLength": 10},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "pointer": {"type": "string", "pattern": r"^(/[\s\S]*)?$"},
                        "code": {"type": "string", "pattern": "^[A-Za-z0-9_.]+$"},
                        "detail": {"type": "string", "minLength": 10},
                    },
                    "required": ["pointer", "code", "detail"],
                    "additionalProperties": False,
                },
            },
        },
        "required": ["type", "title", "status", "detail", "errors"],
        "additionalProperties": False,
    }
)


def problem(response: httpx.Response, status: int, code: str) -> list[dict[str, Any]]:
    """Hold an answer to the shape; gives its faults."""
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json"), (
        response.text
    )
    assert response.headers["x-correlation-id"]
    found = response.json()
    SHAPE.validate(found)
    assert found["status"] == status
    assert found["type"] == f"urn:mps:problem:{code}"
    faults: list[dict[str, Any]] = found["errors"]
    return faults


def only(response: httpx.Response, status: int, code: str) -> tuple[str, str, str]:
    """The pointer, code and sentence of the only fault."""
    (fault,) = problem(response, status, code)
    return fault["pointer"], fault["code"], fault["detail"]
