"""What the roles of the database may do, tried with SQL as each of them on every table."""

import re
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from registry.errors import StaleSchema, Unreachable
from registry.ids import new_id
from registry.store import access
from registry.store.database import create_engine, ensure_schema
from registry.store.grants import ADDS, GRANTS, SEES
from registry.store.migrations import upgrade
from registry.store.roles import Role
from registry.store.tables import METADATA
from tests.roles import working_as

TABLES = sorted(METADATA.tables)
NAMES = {name: [column.name for column in table.columns] for name, table in METADATA.tables.items()}
KEPT = ("event", "record", "seal", "snapshot", "report_file", "report_attachment")
"""Tables of which nobody but the owner changes or deletes a row."""


@contextmanager
def as_role(registry, role):
    """A transaction as a role, rolled back."""
    with working_as(role, registry) as here, here.engine.connect() as connection:
        yield connection
        connection.rollback()


def allowed(connection: Connection, statement: str) -> bool:
    """Whether PostgreSQL lets the role try a statement; that it then fails for another reason does not matter."""
    with connection.begin_nested() as attempt:
        try:
            connection.execute(text(statement))
        except DBAPIError as error:
            if error.orig.sqlstate == "42501" and "row-level security" not in str(error.orig):
                return False
        finally:
            attempt.rollback()
    return True


def columns_granted(rights: str, action: str, table: str) -> set[str]:
    """The columns for which a role has a right, by the rules."""
    every = set(NAMES[table])
    for right, listed in re.findall(r"([A-Z]+)(?: \(([^)]*)\))?", rights):
        if right == action:
            return {one.strip() for one in listed.split(",")} if listed else every
    return set()


def test_there_is_a_decision_for_every_table():
    assert set(GRANTS) == {*TABLES, "alembic_version"}
    assert set(SEES) | set(ADDS) <= set(TABLES)


@pytest.mark.parametrize("role", Role)
def test_every_right_is_the_one_that_is_written_down(registry, role):
    """Every action on every column of every table, tried."""
    with as_role(registry, role) as connection:
        for table in TABLES:
            rights = GRANTS[table].get(role, "")
            for column in NAMES[table]:
                for action, statement in (
                    ("SELECT", f'SELECT "{column}" FROM "{table}"'),
                    ("UPDATE", f'UPDATE "{table}" SET "{column}" = DEFAULT'),
                ):
                    expected = column in columns_granted(rights, action, table)
                    assert allowed(connection, statement) == expected, (role, statement)
            assert allowed(connection, f'INSERT INTO "{table}" DEFAULT VALUES') == ("INSERT" in rights), table
            assert allowed(connection, f'DELETE FROM "{table}"') == ("DELETE" in rights), table
            for statement in (
                f'TRUNCATE "{table}"',
                f'DROP TABLE "{table}"',
                f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
            ):
                assert not allowed(connection, statement), (role, statement)


@pytest.mark.parametrize("role", Role)
def test_what_is_kept_is_neither_changed_nor_deleted(registry, role):
    """Said here once more, beside the rules: these rights must never be given."""
    with as_role(registry, role) as connection:
        for table in KEPT:
            assert not allowed(connection, f'DELETE FROM "{table}"'), table
            for column in NAMES[table]:
                assert not allowed(connection, f'UPDATE "{table}" SET "{column}" = DEFAULT'), (table, column)


@pytest.mark.parametrize("role", Role)
def test_a_role_owns_nothing_and_is_nobody_special(registry, role):
    with registry.engine.connect() as connection:
        special = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = :role"
        assert set(connection.execute(text(special), {"role": role}).one()) == {False}
        owned = "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = :role"
        assert connection.execute(text(owned), {"role": role}).scalar_one() == 0
        member = "SELECT count(*) FROM pg_auth_members WHERE member = CAST(:role AS regrole)"
        assert connection.execute(text(member), {"role": role}).scalar_one() == 0


def test_every_table_has_its_rows_guarded(registry):
    with registry.engine.connect() as connection:
        guarded = connection.scalars(text("SELECT relname FROM pg_class WHERE relrowsecurity")).all()
    assert set(guarded) == set(TABLES)


@pytest.mark.parametrize("role", Role)
def test_the_secret_of_the_passes_and_its_functions_are_out_of_reach(registry, role):
    with as_role(registry, role) as connection:
        for statement in (
            "SELECT secret FROM mps_private.pass_secret",
            "SELECT mps_private.pass('1')",
            "CREATE TABLE mine (n int)",
            "CREATE FUNCTION mps_site() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        ):
            assert not allowed(connection, statement), statement


class TestReport:
    """A report that is final stays as it is, for its owner too."""

    @pytest.fixture
    def number(self, registry):
        def made(state="built"):
            name = {"name": new_id().hex * 2}
            with registry.engine.begin() as connection:
                connection.execute(text("INSERT INTO snapshot VALUES (:name, '')"), name)
                number = connection.execute(
                    text("""
                    INSERT INTO report (id, audience, cutoff, as_of, state, input_hash, versions, cases, trigger, history)
                    VALUES (gen_random_uuid(), 'public', now(), now(), 'built', :name, '{}', 0, 'test', '[]')
                    RETURNING number"""),
                    name,
                ).scalar_one()
                for step in ("locked", "published", "superseded"):
                    if state != "built":
                        connection.execute(text(MOVE), {"state": step, "number": number})
                    if state == step:
                        break
                return number

        return made

    @pytest.mark.parametrize("state", ["locked", "published", "superseded"])
    @pytest.mark.parametrize(
        "change",
        [
            "state = 'built'",
            "cases = cases + 1",
            "versions = '{}'::jsonb || '{\"a\": 1}'",
            "history = '[]'",
            "as_of = as_of - interval '1 day'",
        ],
    )
    def test_does_not_change(self, registry, number, state, change):
        of = number(state)
        with (
            registry.engine.connect() as connection,
            pytest.raises(DBAPIError, match="can not be changed so"),
        ):
            connection.execute(text(f"UPDATE report SET {change} WHERE number = :number"), {"number": of})

    @pytest.mark.parametrize("state", ["locked", "published", "superseded"])
    def test_is_not_deleted(self, registry, number, state):
        of = number(state)
        with registry.engine.connect() as connection, pytest.raises(DBAPIError, match="can not be deleted"):
            connection.execute(text("DELETE FROM report WHERE number = :number"), {"number": of})

    @pytest.mark.parametrize("role", [Role.WORKER, Role.STAFF])
    def test_gets_no_further_file_once_it_is_final(self, registry, number, role):
        file = """
            INSERT INTO report_file (report_id, name, media_type, content, sha256)
            SELECT id, 'more.html', 'text/html', '', '' FROM report WHERE number = :number
        """
        with as_role(registry, role) as connection:
            connection.execute(text(file), {"number": number("built")})
            with pytest.raises(ProgrammingError, match="row-level security"):
                connection.execute(text(file), {"number": number("locked")})


MOVE = """
    UPDATE report SET state = :state, history = history || jsonb_build_array('a step')
    WHERE number = :number
"""


class TestRights:
    def test_of_another_version_are_refused_until_they_are_given_anew(self, registry):
        with registry.engine.begin() as connection:
            connection.execute(text("GRANT DELETE ON event TO mps_api"))
            connection.execute(text("COMMENT ON TABLE alembic_version IS 'access of yesterday'"))
        with pytest.raises(StaleSchema, match="mps db upgrade"):
            ensure_schema(registry.engine)
        upgrade(registry.engine)
        ensure_schema(registry.engine)
        with as_role(registry, Role.API) as connection:
            assert not allowed(connection, "DELETE FROM event")

    def test_a_database_without_roles_is_told_from_one_that_is_away(self, registry):
        url = registry.servers.database_url
        missing = create_engine(url, role="mps_nobody", pool=1)
        with pytest.raises(StaleSchema, match="no role mps_nobody"):
            ensure_schema(missing)

    def test_a_login_that_may_not_take_the_role_is_told_so(self, registry):
        outsider = f"test_{new_id().hex}"
        with registry.engine.begin() as connection:
            connection.execute(text(f"CREATE ROLE {outsider} LOGIN PASSWORD 'for this test'"))
        url = registry.engine.url.set(username=outsider, password="for this test")
        engine = create_engine(url.render_as_string(hide_password=False), role=Role.API, pool=1)
        try:
            with pytest.raises(Unreachable, match="no member of mps_api"):
                ensure_schema(engine)
        finally:
            with registry.engine.begin() as connection:
                connection.execute(text(f"DROP ROLE {outsider}"))

    @pytest.mark.parametrize("may_make_roles", [True, False])
    def test_are_given_by_an_owner_who_is_no_superuser(self, registry, empty_database, may_make_roles):
        """The roles are there already, of the registry that all tests share; so an owner need not make them."""
        owner = f"test_{new_id().hex}"
        admin = create_engine(empty_database, pool=1)
        with admin.begin() as connection:
            rights = "CREATEROLE" if may_make_roles else "NOCREATEROLE"
            connection.execute(text(f"CREATE ROLE {owner} LOGIN {rights} PASSWORD 'for this test'"))
            connection.execute(text(f"ALTER DATABASE {admin.url.database} OWNER TO {owner}"))
        url = admin.url.set(username=owner, password="for this test").render_as_string(hide_password=False)
        engine = create_engine(url, pool=1)
        try:
            upgrade(engine)
            ensure_schema(engine)
            api = create_engine(empty_database, role=Role.API, pool=1)
            with api.connect() as connection:
                assert not allowed(connection, "DELETE FROM event")
                assert connection.scalar(text("SELECT count(*) FROM submission")) == 0
            api.dispose()
        finally:
            engine.dispose()
            with admin.begin() as connection:
                connection.execute(text(f"REASSIGN OWNED BY {owner} TO CURRENT_USER"))
                connection.execute(text(f"DROP OWNED BY {owner}"))
                connection.execute(text(f"DROP ROLE {owner}"))
            admin.dispose()

    def test_the_rules_have_a_name(self):
        assert re.fullmatch(r"[0-9a-f]{16}", access.fingerprint())
