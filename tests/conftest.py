"""Fixtures for every test. Nothing starts until a test asks for it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import hypothesis
import pytest
from kombu.pools import producers
from sqlalchemy import create_engine, make_url, text

from registry import embedded
from registry.bus import celery, configure
from registry.embedded import Servers
from registry.ids import new_id
from registry.pipeline.sites import SCOPES, add_site, issue_key
from registry.settings import Settings
from registry.store.migrations import upgrade
from registry.store.tables import METADATA
from registry.store.vault import Vault
from registry.wiring import Registry, connect, keyring

# The same examples in every run; HYPOTHESIS_PROFILE=default looks for new ones. How long an example takes says something
# about the machine that day, not about the code.
hypothesis.settings.register_profile(
    "fixed", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """A real PostgreSQL and a real Valkey, this worker's own.

    Those of MPS_TEST_DATABASE_URL and MPS_TEST_REDIS_URL where both are set. Else embedded ones, not below pytest's
    temporary folder: each pytest session of root closes that to the account the servers of another one run as.
    """
    database_url, redis_url = os.environ.get("MPS_TEST_DATABASE_URL"), os.environ.get("MPS_TEST_REDIS_URL")
    if database_url and redis_url:
        yield Servers(database_url, _own_queue(redis_url))
        return
    with (
        tempfile.TemporaryDirectory(prefix="mps-test-") as data_dir,
        embedded.start(Path(data_dir)) as started,
    ):
        yield started


@pytest.fixture(scope="session")
def the_registry(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """The registry of all tests of this session, on a migrated database, as its owner; ask for ``registry``, which is
    empty."""
    with _database(servers) as url:
        settings = Settings(data=tmp_path_factory.mktemp("data"), report_debounce_seconds=0)
        made = connect(settings, None, Servers(url, servers.redis_url))
        upgrade(made.engine)
        Vault.prepare(made.engine, keyring(settings))
        yield made
        made.close()


@pytest.fixture
def registry(the_registry: Registry) -> Registry:
    """The registry with an empty database and an empty queue; no worker runs."""
    emptied = METADATA.tables.keys() - {"name_key"}  # the secret of the names, which running processes know
    tables = ", ".join(f'"{name}"' for name in sorted(emptied))
    with the_registry.engine.begin() as connection:
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))  # a transaction that a test left open
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    the_registry.redis().flushdb()
    configure(the_registry.settings, the_registry.servers.broker_url)
    if celery.amqp.producer_pool is not producers[celery.connection_for_write()]:
        celery._after_fork()  # another test's registry rang from this process: drop its connections
    return the_registry


@pytest.fixture
def empty_database(servers: Servers) -> Iterator[str]:
    """The address of a database with nothing in it."""
    with _database(servers) as url:
        yield url


@pytest.fixture
def key(registry: Registry) -> str:
    """A key of the site KND."""
    with registry.work() as work:
        add_site(work, "KND", "Kindai", country="JP", timezone="Asia/Tokyo", actor="test")
        return issue_key(work, "KND", scopes=list(SCOPES), days=None, label=None, actor="test")


def _own_queue(url: str) -> str:
    """The server's address with a logical database for this process of a parallel run (0 is left alone)."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 15 + 1
    address, _, _ = url.partition("?")
    if address.startswith("unix://"):
        return f"{address}?db={number}"
    return urlsplit(address)._replace(path=f"/{number}").geturl()


@contextmanager
def _database(servers: Servers) -> Iterator[str]:
    """An empty database for the length of a block; gives its address."""
    admin, name = create_engine(servers.database_url, isolation_level="AUTOCOMMIT"), f"test_{new_id().hex}"
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
        yield make_url(servers.database_url).set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()
