"""The schema: up, down and up again, the same as the code's tables, and a stale one refused with what mends it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from registry.embedded.master_key import master_key_file
from registry.errors import StaleSchema
from registry.store.database import create_engine, ensure_schema, expected_revision, stored_revision
from registry.store.migrations import check, downgrade, upgrade
from registry.store.tables import METADATA

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def empty(empty_database: str):
    engine = create_engine(empty_database, pool=2)
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_up_down_up(empty):
    upgrade(empty)
    made = tables(empty)
    assert made == set(METADATA.tables)
    downgrade(empty)
    assert tables(empty) == set()
    assert stored_revision(empty) is None
    upgrade(empty)
    assert tables(empty) == made
    assert stored_revision(empty) == expected_revision()


def test_migrations_and_tables_are_the_same(empty):
    """Raises when a table, a column, an index or a constraint is in one and not in the other."""
    upgrade(empty)
    check(empty)


def test_every_constraint_has_a_name(empty):
    """One without can not be changed by a later migration."""
    upgrade(empty)
    named = "SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('p','u','f','c')"
    with empty.connect() as connection:
        found = set(connection.scalars(text(named))) - {"alembic_version_pkc"}
    assert found
    assert {name for name in found if not name.startswith(("pk_", "uq_", "fk_", "ck_"))} == set()


def test_several_processes_may_migrate_at_once(empty):
    """By the plain `alembic` command, which takes the address from the settings."""
    environment = os.environ | {"MPS_DATABASE_URL": empty.url.render_as_string(hide_password=False)}
    command = (sys.executable, "-m", "alembic", "upgrade", "head")
    processes = [subprocess.Popen(command, cwd=PROJECT, env=environment) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert stored_revision(empty) == expected_revision()


class TestStaleSchema:
    @pytest.fixture
    def stale(self, empty):
        upgrade(empty)
        with empty.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
        return empty

    @pytest.mark.parametrize("kind", ["empty", "stale"])
    def test_is_refused_with_the_command_that_mends_it(self, kind, request):
        engine = request.getfixturevalue(kind)
        with pytest.raises(StaleSchema, match="run `mps db upgrade`"):
            ensure_schema(engine)

    @pytest.mark.parametrize(
        "service",
        [
            ("registry.api.server",),
            ("celery", "-A", "workers.app", "worker", "--pool", "solo"),
        ],
        ids=["api", "worker"],
    )
    def test_services_do_not_start_on_it(self, service, stale, servers, tmp_path):
        url = stale.url.render_as_string(hide_password=False)
        done = subprocess.run(
            (sys.executable, "-m", *service),
            cwd=tmp_path,
            env=os.environ
            | {
                "MPS_PORT": "0",
                "MPS_DATABASE_URL": url,
                "MPS_REDIS_URL": servers.redis_url,
                "MPS_MASTER_KEY_FILE": str(master_key_file(tmp_path)),
                "PYTHONPATH": str(PROJECT),
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode != 0
        assert "run `mps db upgrade`" in done.stdout + done.stderr
