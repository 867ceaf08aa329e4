"""Fixtures for every test. Nothing starts until a test asks for it."""

import os
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from registry import embedded
from registry.embedded import Servers
from registry.ids import new_id
from registry.pipeline.sites import SCOPES, add_site, issue_key
from registry.settings import Settings
from registry.store.migrations import upgrade
from registry.wiring import Registry, connect

_queues = count(1)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """A real PostgreSQL and a real Valkey, this worker's own.

    Those of MPS_TEST_DATABASE_URL and MPS_TEST_REDIS_URL where both are set. Else embedded ones, not below pytest's
    temporary folder: each pytest session of root closes that to the account the servers of another one run as.
    """
    database_url, redis_url = os.environ.get("MPS_TEST_DATABASE_URL"), os.environ.get("MPS_TEST_REDIS_URL")
    if database_url and redis_url:
        yield Servers(database_url, redis_url)
        return
    with (
        tempfile.TemporaryDirectory(prefix="mps-test-") as data_dir,
        embedded.start(Path(data_dir)) as started,
    ):
        yield started


@pytest.fixture(scope="session")
def template(servers: Servers) -> Iterator[str]:
    """Name of a database that was migrated once; every test that needs one gets a copy of its own."""
    with _database(servers, "template1") as (name, url):
        engine = create_engine(url)
        upgrade(engine)
        engine.dispose()
        yield name


@pytest.fixture
def registry(servers: Servers, template: str, tmp_path: Path) -> Iterator[Registry]:
    """The registry on an empty, migrated database and an empty queue of its own; no worker runs."""
    with _database(servers, template) as (_, url):
        made = connect(
            Settings(data=tmp_path / "data", report_debounce_seconds=0), Servers(url, _own_queue(servers.redis_url))
        )
        made.redis().flushdb()
        yield made
        made.close()


@pytest.fixture
def key(registry: Registry) -> str:
    """A key of the site KND."""
    with registry.work() as work:
        add_site(work, "KND", "Kindai", country="JP", timezone="Asia/Tokyo", actor="test")
        return issue_key(work, "KND", scopes=list(SCOPES), days=None, label=None, actor="test")


class _database:
    """A database for the length of a block, copied from a template."""

    def __init__(self, servers: Servers, template: str) -> None:
        self.admin = create_engine(servers.database_url, isolation_level="AUTOCOMMIT")
        self.name, self.template = f"test_{new_id().hex}", template
        self.url = make_url(servers.database_url).set(database=self.name).render_as_string(hide_password=False)

    def __enter__(self) -> tuple[str, str]:
        with self.admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"'))
        return self.name, self.url

    def __exit__(self, *_: object) -> None:
        with self.admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{self.name}" WITH (FORCE)'))
        self.admin.dispose()


def _own_queue(url: str) -> str:
    """The server's address with a logical database of this test's own (0 is left alone)."""
    number = next(_queues) % 15 + 1
    if url.startswith("unix://"):
        return f"{url.partition('?')[0]}?db={number}"
    return f"{url.rpartition('/')[0]}/{number}" if url.count("/") > 2 else f"{url}/{number}"
