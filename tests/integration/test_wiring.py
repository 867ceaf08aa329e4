"""What a process of each kind has in its hands where the servers are embedded: a login that is its role and nothing else."""

import stat
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cli.local import OPERATOR_KEY, make_operator
from registry.domain.authority import OPERATOR
from registry.pipeline.callers import authenticate
from registry.settings import Settings
from registry.store.logins import excess
from registry.store.roles import Role
from registry.wiring import connect, open_registry


@pytest.fixture(scope="module")
def embedded():
    """A registry on embedded servers of its own, as its owner; settings of whoever runs the tests are not read."""
    with tempfile.TemporaryDirectory(prefix="mps-test-") as folder:
        settings = Settings(database_url=None, redis_url=None, data=Path(folder) / "data")
        with open_registry(settings, None) as registry:
            yield registry


@pytest.mark.parametrize("role", Role)
def test_each_kind_logs_in_as_its_role_and_can_become_nobody_else(embedded, role):
    made = connect(embedded.settings, role, embedded.servers)
    try:
        with made.engine.connect() as connection:
            who = connection.execute(text("SELECT session_user::text, current_user::text")).one()
            assert tuple(who) == (role, role)
            assert excess(connection) is None
            for statement in ("RESET ROLE", "SET ROLE NONE"):
                connection.exec_driver_sql(statement)
                assert connection.scalar(text("SELECT current_user::text")) == role
            for other in ("mps", *(one for one in Role if one is not role)):
                with pytest.raises(DBAPIError), connection.begin_nested():
                    connection.exec_driver_sql(f"SET ROLE {other}")
    finally:
        made.close()


def test_opening_it_again_changes_nothing(embedded):
    with open_registry(embedded.settings) as again, again.engine.connect() as connection:
        assert connection.scalar(text("SELECT current_user::text")) == Role.STAFF


def test_the_operators_key_is_made_once_however_many_commands_ask(embedded):
    (embedded.settings.data / OPERATOR_KEY).unlink(missing_ok=True)
    with ThreadPoolExecutor(8) as threads:
        found = {path.read_text() for path in threads.map(lambda _: make_operator(embedded), range(8))}
    assert len(found) == 1
    path = embedded.settings.data / OPERATOR_KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with embedded.glance() as work:
        assert authenticate(work, found.pop().strip(), own_servers=True).role == OPERATOR


def test_who_owns_the_tables_is_never_taken_from_other_settings(servers, monkeypatch):
    """Tests and tools name their servers; an address that lies in the environment must not come in between."""
    monkeypatch.setenv("MPS_DATABASE_OWNER_URL", "postgresql://production@/production")
    made = connect(Settings(), None, servers)
    assert made.engine.url.database != "production"
    made.close()
