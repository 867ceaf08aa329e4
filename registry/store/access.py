"""Access: give a database the roles and rights of ``grants.py`` and ``passes.sql``, exactly, whatever it had.

``mps db upgrade`` does so when the ``fingerprint`` of the rules in the database is another than that of this version.
"""

import hashlib
import re
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from registry.errors import Unreachable, WrongUsage
from registry.store.grants import ADDS, API, GRANTS, HERE, SEES, STAFF, WORKER
from registry.store.roles import Role

SHORTEST = 12
"""Characters of a password."""

SQL = Path(__file__).parent / "passes.sql"
_MARK = "access "


def fingerprint() -> str:
    """A name for the rules of this version."""
    rules = repr((GRANTS, HERE, SEES, ADDS)) + SQL.read_text(encoding="utf-8")
    return hashlib.sha256(rules.encode()).hexdigest()[:16]


def stored_fingerprint(connection: Connection) -> str | None:
    """The name of the rules the database has; None for none."""
    mark: str | None = connection.scalar(text("SELECT obj_description('alembic_version'::regclass)"))
    return mark.removeprefix(_MARK) if mark else None


def apply(connection: Connection) -> None:
    """Give the database exactly these rules, whatever it had. Raises ``Unreachable`` for a login that may not."""
    try:
        for role in Role:
            _run(connection, _MAKE_ROLE.format(role=role))
    except ProgrammingError as error:
        wanted = "; ".join(f"CREATE ROLE {role}" for role in Role)
        raise Unreachable(
            f"this login may not make roles; run once as a superuser of the database: {wanted}"
        ) from error
    _run(connection, SQL.read_text(encoding="utf-8"))
    for table in connection.execute(_TABLES).all():
        statements = [
            *_closed(table.name, table.columns, table.policies),
            *_opened(table.name, table.sequences),
        ]
        if table.name != "alembic_version":
            statements += _rows(table.name, with_site="site_id" in table.columns)
        _run(connection, "; ".join(statements))
    _run(connection, f"COMMENT ON TABLE alembic_version IS '{_MARK}{fingerprint()}'")


def _run(connection: Connection, statements: str) -> None:
    connection.exec_driver_sql(statements, execution_options={"no_parameters": True})


_TABLES = text("""
    SELECT c.relname AS name,
           ARRAY(SELECT attname::text FROM pg_attribute
                 WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns,
           ARRAY(SELECT polname::text FROM pg_policy WHERE polrelid = c.oid) AS policies,
           ARRAY(SELECT pg_get_serial_sequence(quote_ident(c.relname), attname) FROM pg_attribute
                 WHERE attrelid = c.oid AND attnum > 0 AND atthasdef) AS sequences
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname
""")

# Another registry of the cluster may make them at the same moment.
_MAKE_ROLE = """
    DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
            CREATE ROLE {role} NOLOGIN;
        END IF;
        IF NOT pg_has_role(current_user, '{role}', 'SET') THEN
            EXECUTE format('GRANT {role} TO %I', current_user);
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$
"""


def let_in(connection: Connection) -> None:
    """Let each role log in by itself, without a password: for embedded servers, which nobody else can reach."""
    shut = text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles) AND NOT rolcanlogin")
    connection.execute(text("SELECT pg_advisory_xact_lock(7205759403792795)"))  # one at a time
    for role in connection.scalars(shut, {"roles": list(Role)}).all():
        _run(connection, f"ALTER ROLE {role} LOGIN")


_EXCESS = text("""
    SELECT session_user AS login, r.rolsuper OR r.rolbypassrls OR r.rolcreaterole AS special,
           EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner = r.oid) AS owner
    FROM pg_roles r WHERE r.rolname = session_user
""")


def excess(connection: Connection) -> str | None:
    """Why SQL that is smuggled into a statement could become more than the role of this process; None if it could not."""
    found = connection.execute(_EXCESS).one()
    if not (found.special or found.owner):
        return None
    return f"{found.login} {'is a superuser or may make roles' if found.special else 'owns the tables'}"


KINDS: dict[str, tuple[Role, ...]] = {
    "api": (API,),
    "worker": (WORKER,),
    "staff": (STAFF, API),  # those whose role is one of a site work as the API does
    "machine": (STAFF, API, WORKER),  # all of a machine, as `mps up` runs it
}
"""Logins by what they are for."""

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}", re.ASCII)


def make_login(connection: Connection, name: str, kind: str, password: str) -> None:
    """Make a login that can be the roles of its kind and nothing else, or give one that exists a new password."""
    if not _NAME.fullmatch(name) or name in set(Role) or kind not in KINDS:
        raise WrongUsage(f"a login has a name of small letters, digits and _, and is for {', '.join(KINDS)}")
    if len(password) < SHORTEST:
        raise WrongUsage(
            f"a password of a login has at least {SHORTEST} characters; it is typed once, so make it long"
        )
    driver: Any = connection.connection.driver_connection
    known = connection.scalar(text("SELECT true FROM pg_roles WHERE rolname = :name"), {"name": name})
    # hashed here: neither the log of the server nor its statistics see it
    made = driver.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    _run(connection, f"{'ALTER' if known else 'CREATE'} ROLE {name} LOGIN NOSUPERUSER PASSWORD '{made}'")
    _run(connection, f"REVOKE {', '.join(Role)} FROM {name}; GRANT {', '.join(KINDS[kind])} TO {name}")


def _closed(table: str, columns: list[str], policies: list[str]) -> list[str]:
    """Nobody but the owner reaches the table; a right to a column does not go with that to its table."""
    everybody, names = ", ".join(("PUBLIC", *Role)), ", ".join(f'"{column}"' for column in columns)
    return [
        *(f'DROP POLICY "{policy}" ON "{table}"' for policy in policies),
        f'REVOKE ALL ON "{table}" FROM {everybody}',
        f'REVOKE ALL ({names}) ON "{table}" FROM {everybody}',
    ]


def _opened(table: str, sequences: list[str | None]) -> list[str]:
    found = []
    for role, rights in GRANTS.get(table, {}).items():
        found.append(f'GRANT {rights} ON "{table}" TO {role}')
        if "INSERT" in rights:
            found += [f"GRANT USAGE ON SEQUENCE {one} TO {role}" for one in sequences if one]
    return found


def _rows(table: str, *, with_site: bool) -> list[str]:
    """Which rows the roles see; a role that has no right to the table needs no policy, and one without sees none."""
    found = [f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY']
    seen = SEES.get(table, HERE if with_site else None)
    if seen:
        found.append(f'CREATE POLICY site ON "{table}" TO {API} USING ({seen})')
    for action in ("SELECT", "UPDATE", "DELETE"):
        found.append(
            f'CREATE POLICY all_{action.lower()} ON "{table}" FOR {action} TO {WORKER}, {STAFF} USING (true)'
        )
    added = ADDS.get(table, "true")
    found.append(
        f'CREATE POLICY all_insert ON "{table}" FOR INSERT TO {WORKER}, {STAFF} WITH CHECK ({added})'
    )
    return found
