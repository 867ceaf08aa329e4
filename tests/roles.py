"""Parts of the registry as the roles they run as; ``registry`` itself is the owner, who arranges and looks."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from registry.embedded.master_key import master_key_file
from registry.pipeline.people import add_person
from registry.store.roles import Role
from registry.wiring import Registry, connect


@contextmanager
def working_as(role: Role, registry: Registry) -> Iterator[Registry]:
    """The same registry as a process of a kind has it."""
    made = connect(registry.settings, role, registry.servers)
    try:
        yield made
    finally:
        made.close()


def site_pass(registry: Registry, site_id: int) -> str:
    """The pass of a site, as only the owner can make one without a key."""
    with registry.work() as work:
        found: str = work.session.execute(
            text("SELECT mps_private.pass(CAST(:site AS text))"), {"site": site_id}
        ).scalar_one()
    return found


def at_the_desk(monkeypatch: pytest.MonkeyPatch, registry: Registry, role: str) -> None:
    """Let commands of this process find the registry, and a person of a role who types them."""
    with registry.work() as work:
        key = add_person(work, f"a.{role}".replace("_", "."), role, site=None, days=1, actor="test")
    as_person(monkeypatch, registry, key)


def as_person(monkeypatch: pytest.MonkeyPatch, registry: Registry, key: str) -> None:
    """Let commands of this process find the registry, and this key of who types them."""
    monkeypatch.setenv("MPS_DATABASE_URL", registry.servers.database_url)
    monkeypatch.setenv("MPS_REDIS_URL", registry.servers.redis_url)
    monkeypatch.setenv("MPS_MASTER_KEY_FILE", str(master_key_file(registry.settings.data)))
    monkeypatch.setenv("MPS_USER_KEY", key)
