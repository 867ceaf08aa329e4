"""Condition: whether the registry's parts are there, and the figures an operator watches."""

from typing import Any

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from registry.bus import PRIORITY
from registry.errors import MpsError
from registry.store.database import ensure_schema

_WAITING = text("SELECT rows, oldest FROM mps_backlog(:state)")
_JOBS = text("SELECT job, age FROM mps_jobs()")
_SEALED = text("SELECT mps_unsealed()")


def condition(engine: Engine, redis: Redis) -> dict[str, Any]:
    """``ok`` or what is wrong, for database, schema and queue."""
    found = {"database": "ok", "schema": "ok", "queue": "ok"}
    try:
        ensure_schema(engine)
    except MpsError as error:
        found["schema" if error.code == "stale_schema" else "database"] = str(error)
    except SQLAlchemyError as error:
        found["database"] = type(error).__name__
    try:
        redis.ping()
    except (RedisError, OSError) as error:
        found["queue"] = f"away ({type(error).__name__}); submissions are stored and wait"
    return found


def metrics(engine: Engine, redis: Redis) -> bytes:
    """Prometheus text; no clinical data, and no site: an operator's token opens it, not a person's key."""
    collector = CollectorRegistry()
    rows = Gauge("mps_submissions", "Submissions that are not decided", ("state",), registry=collector)
    oldest = Gauge(
        "mps_oldest_submission_seconds", "Age of the oldest of them", ("state",), registry=collector
    )
    job = Gauge("mps_job_age_seconds", "Time since a periodic job last began", ("job",), registry=collector)
    unsealed = Gauge("mps_unsealed_events", "Audit events that wait for their seal", registry=collector)
    length = Gauge("mps_queue_length", "Messages in a queue (a hint)", ("queue",), registry=collector)
    with engine.connect() as connection:
        for state in ("received", "failed"):
            found = connection.execute(_WAITING, {"state": state}).one()
            rows.labels(state).set(found.rows)
            oldest.labels(state).set(found.oldest)
        for row in connection.execute(_JOBS):
            job.labels(row.job).set(row.age)
        unsealed.set(connection.execute(_SEALED).scalar_one())
    try:
        for queue in PRIORITY:
            length.labels(queue).set(redis.llen(queue))
    except (RedisError, OSError):
        length.clear()
    return generate_latest(collector)
