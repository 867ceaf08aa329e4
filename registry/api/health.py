"""``/healthz``, ``/readyz``, ``/metrics``: whether the process lives, whether it can serve, and how it fares."""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from registry.api.deps import RegistryDep
from registry.pipeline.condition import condition, metrics

router = APIRouter(tags=["operation"])


@router.get("/healthz", summary="The process lives")
def healthz() -> dict[str, str]:
    """Asks nothing of anybody else."""
    return {"status": "alive"}


@router.get("/readyz", summary="The registry can take submissions")
def readyz(registry: RegistryDep) -> Response:
    """Database, schema and queue. Intake goes on without the queue, so only the database decides the status."""
    found: dict[str, Any] = condition(registry.engine, registry.redis())
    return JSONResponse(found, 200 if found["database"] == "ok" and found["schema"] == "ok" else 503)


@router.get("/metrics", summary="Prometheus text", response_class=Response)
def prometheus(registry: RegistryDep) -> Response:
    """Figures from the database, which is the truth; queue lengths are a hint."""
    return Response(metrics(registry.engine, registry.redis()), media_type=CONTENT_TYPE_LATEST)
