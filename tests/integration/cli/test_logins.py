"""Logins of the database, made by the owner of its tables: each can be what its kind of process needs, and nothing else."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from cli.main import app
from registry.domain.authority import OPERATOR
from registry.errors import MasterKeyUnknown, NotAllowed, StaleSchema, Unreachable, WrongUsage
from registry.ids import new_id
from registry.pipeline.callers import authenticate
from registry.sealing import in_base64, new_secret
from registry.store.database import create_engine, ensure_schema
from registry.store.logins import KINDS, excess
from registry.store.roles import Role

PASSWORD = "a password of this test"


@pytest.fixture
def owner(registry, monkeypatch, tmp_path):
    """Type commands on the machine whose settings have the owner's login; gives a name for a login, removed after."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPS_DATABASE_OWNER_URL", registry.servers.database_url)
    monkeypatch.setenv("MPS_DATABASE_URL", "postgresql://nobody@/nothing?host=/nowhere")
    monkeypatch.setenv("MPS_REDIS_URL", registry.servers.redis_url)
    monkeypatch.setenv("MPS_LOGIN_PASSWORD", PASSWORD)
    name = f"test_{new_id().hex}"
    yield name
    with registry.engine.begin() as connection:
        connection.execute(text(f"DROP ROLE IF EXISTS {name}"))


def typed(*arguments: str):
    return CliRunner().invoke(app, ["db", *arguments])


@pytest.fixture
def engine(registry, owner):
    """An engine with the login, as a role."""
    made = []

    def connected(role):
        url = registry.engine.url.set(username=owner, password=PASSWORD)
        made.append(create_engine(url.render_as_string(hide_password=False), role=role, pool=1))
        return made[-1]

    yield connected
    for one in made:
        one.dispose()


@pytest.mark.parametrize("kind", KINDS)
def test_a_login_is_what_its_kind_needs_and_nothing_else(registry, owner, engine, kind):
    done = typed("login", kind, owner)
    assert done.exit_code == 0, done.output
    for role in Role:
        if role not in KINDS[kind]:
            with pytest.raises(Unreachable, match="no member"):
                ensure_schema(engine(role))
            continue
        ensure_schema(engine(role))
        with engine(role).connect() as connection:
            assert excess(connection) is None
            for statement in (
                "SET ROLE NONE; DELETE FROM event",
                f"SET ROLE {registry.engine.url.username}",
                "CREATE ROLE more",
                "CREATE TABLE mine (n int)",
            ):
                with pytest.raises(DBAPIError), connection.begin_nested():
                    connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def test_a_password_is_stored_hashed_changed_and_never_short(owner, registry, monkeypatch):
    def stored():
        with registry.engine.connect() as connection:
            wanted = text("SELECT rolpassword FROM pg_authid WHERE rolname = :name")
            return connection.execute(wanted, {"name": owner}).scalar_one()

    typed("login", "api", owner)
    first = stored()
    assert first.startswith("SCRAM-SHA-256$")
    typed("login", "worker", owner)
    assert stored() != first
    monkeypatch.setenv("MPS_LOGIN_PASSWORD", "short")
    assert isinstance(typed("login", "api", owner).exception, WrongUsage)


@pytest.mark.parametrize(
    ("kind", "name"), [("owner", "x1"), ("api", "X; DROP"), ("api", "mps_api"), ("api", '"x"')]
)
def test_what_is_no_login_is_refused(owner, kind, name):
    assert isinstance(typed("login", kind, name).exception, WrongUsage)


def test_the_first_administrator_is_made_by_the_owner_alone(owner, registry, engine, monkeypatch):
    key = typed("admin", "m.takamatsu").stdout.splitlines()[0]
    with registry.glance() as work:
        caller = authenticate(work, key)
    assert (caller.role, caller.actor) == ("admin", "user:m.takamatsu")
    typed("login", "staff", owner)
    url = registry.engine.url.set(username=owner, password=PASSWORD).render_as_string(hide_password=False)
    monkeypatch.setenv("MPS_DATABASE_OWNER_URL", url)
    for command in (("admin", "another"), ("login", "machine", owner)):
        assert isinstance(typed(*command).exception, NotAllowed), command


def test_the_doctor_says_when_a_login_is_more_than_its_role(owner, registry, monkeypatch):
    monkeypatch.setenv("MPS_DATABASE_URL", registry.servers.database_url)
    done = CliRunner().invoke(app, ["doctor"])
    assert "may make roles; `mps db login` makes one" in done.output
    typed("login", "staff", owner)
    url = registry.engine.url.set(username=owner, password=PASSWORD).render_as_string(hide_password=False)
    monkeypatch.setenv("MPS_DATABASE_URL", url)
    done = CliRunner().invoke(app, ["doctor"])
    assert "database: ok" in done.output
    assert "database login" not in done.output


def test_an_empty_database_is_told_to_be_upgraded(owner, empty_database, monkeypatch):
    monkeypatch.setenv("MPS_DATABASE_OWNER_URL", empty_database)
    assert isinstance(typed("admin", "m.takamatsu").exception, StaleSchema)
    assert isinstance(typed("upgrade").exception, MasterKeyUnknown)
    monkeypatch.setenv("MPS_MASTER_KEY", in_base64(new_secret()))
    assert typed("upgrade").exit_code == 0
    assert isinstance(typed("admin", OPERATOR).exception, WrongUsage)
    assert typed("admin", "m.takamatsu").exit_code == 0
