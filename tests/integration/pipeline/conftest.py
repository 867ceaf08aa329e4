"""Steps of the pipeline on a real database, without API and worker."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import Row

from registry.ids import new_id
from registry.pipeline.intake import receive_one
from registry.pipeline.sites import add_site
from registry.wiring import Registry


@pytest.fixture
def site(registry: Registry) -> int:
    """The id of the site KND."""
    with registry.work() as work:
        found = add_site(work, "KND", "Kindai", country="JP", timezone="Asia/Tokyo", actor="test").id
    assert found is not None
    return found


@pytest.fixture
def receive(registry: Registry, site: int) -> Callable[..., list[UUID]]:
    """Store submissions as received, in this order; gives their ids."""

    def store(*documents: dict[str, Any]) -> list[UUID]:
        made = []
        for document in documents:
            with registry.work() as work:
                body = orjson.dumps(document)
                got = receive_one(
                    work,
                    registry.settings,
                    site_id=site,
                    body=body,
                    correlation_id=new_id().hex,
                    idempotency_key=None,
                )
            made.append(got)
        return made

    return store


@pytest.fixture
def state(rows: Callable[..., list[Row[Any]]]) -> Callable[[UUID], str]:
    """The state of a submission."""

    def of(submission: UUID) -> str:
        (row,) = rows("SELECT state FROM submission WHERE id = :id", id=submission)
        found: str = row.state
        return found

    return of
