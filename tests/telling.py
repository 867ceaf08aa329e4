"""What tests of webhooks do again and again."""

import json
from typing import Any

from sqlalchemy import text

from registry.pipeline import webhooks as steps
from registry.pipeline.intake import receive_one
from registry.pipeline.sites import the_site
from registry.wiring import Registry
from tests.factories import a_submission


def register(registry: Registry, url: str, site: str = "KND") -> str:
    with registry.work() as work:
        return steps.register(work, registry.settings, site, url, actor="test")


def deliver(registry: Registry) -> int:
    return steps.deliver_due(registry.work, registry.settings)


def hurry(registry: Registry) -> None:
    """Let the pauses pass."""
    with registry.work() as work:
        work.session.execute(text("UPDATE webhook_delivery SET next_at = now() WHERE state = 'waiting'"))


def rows(registry: Registry, columns: str) -> list[tuple[Any, ...]]:
    with registry.work() as work:
        found = work.session.execute(text(f"SELECT {columns} FROM webhook_delivery ORDER BY event_id")).all()
        return [tuple(row) for row in found]


def send(registry: Registry, site: str = "KND", case: str = "KND-0001", **more: Any) -> str:
    with registry.work() as work:
        body = json.dumps(a_submission(case, **more)).encode()
        site_id = the_site(work, site).id
        assert site_id is not None
        return str(
            receive_one(
                work, registry.settings, site_id=site_id, body=body, correlation_id="t", idempotency_key=None
            )
        )
