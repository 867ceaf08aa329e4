"""What a process of each kind has in its hands where the servers are embedded: a login that is its role and nothing else."""

import tempfile
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

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
