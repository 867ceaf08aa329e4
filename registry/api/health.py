"""``/healthz``, ``/readyz``, ``/metrics``: whether the process lives, whether it can serve, and how it fares."""

from hmac import compare_digest
from ipaddress import ip_address
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from registry.api.deps import RegistryDep
from registry.api.metered import meter_refusal
from registry.api.problems import responses
from registry.errors import KeyRefused
from registry.pipeline.condition import condition, metrics

router = APIRouter(tags=["operation"])


async def operator(request: Request, registry: RegistryDep) -> None:
    """Let in who brings the token of the settings or, where there is none, asks from this machine."""
    expected, given = registry.settings.metrics_token, request.headers.get("authorization", "")
    if expected is None or not expected.get_secret_value():
        right = request.client is None or ip_address(request.client.host).is_loopback
    else:
        right = compare_digest(given.encode(), f"Bearer {expected.get_secret_value()}".encode())
    if not right:
        if given:
            await meter_refusal(request)
        raise KeyRefused(
            "the figures are the operator's: send `Authorization: Bearer` with the token of MPS_METRICS_TOKEN, or ask "
            "from the machine of the registry where none is set"
        )


@router.get("/healthz", summary="The process lives", responses=responses(key=False))
def healthz() -> dict[str, str]:
    """Asks nothing of anybody else."""
    return {"status": "alive"}


@router.get(
    "/readyz",
    summary="The registry can take submissions",
    responses=responses(key=False)
    | {503: {"description": "It can not: what is missing", "content": {"application/json": {}}}},
)
def readyz(registry: RegistryDep) -> Response:
    """Database, schema and queue. Intake goes on without the queue, so only the database decides the status."""
    found: dict[str, Any] = condition(registry.engine, registry.redis())
    return JSONResponse(found, 200 if found["database"] == "ok" and found["schema"] == "ok" else 503)


@router.get(
    "/metrics",
    summary="Prometheus text",
    response_class=Response,
    responses=responses(401, 429, 503, key=False) | {200: {"content": {"text/plain": {}}}},
    dependencies=[Depends(operator)],
)
def prometheus(registry: RegistryDep) -> Response:
    """Figures from the database, which is the truth; queue lengths are a hint."""
    return Response(metrics(registry.engine, registry.redis()), media_type=CONTENT_TYPE_LATEST)
