"""Access: give a database the roles and rights of ``grants.py`` and ``passes.sql``, exactly, whatever it had.

``mps db upgrade`` does so when the ``fingerprint`` of the rules in the database is another than that of this version.
"""

import hashlib
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from registry.errors import Unreachable
from registry.store.grants import ADDS, API, GRANTS, HERE, SEES, STAFF, WORKER
from registry.store.roles import Role

SQL = Path(__file__).parent / "passes.sql"
_MARK = "access "


@cache
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


def forget(connection: Connection) -> None:
    """Let the next upgrade give the rights again."""
    _run(connection, "COMMENT ON TABLE alembic_version IS NULL")


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

# Another registry of the cluster may make them at the same moment. That the owner may become one of them is a convenience
# for a database with one login for all; an owner that may not give the roles away does without.
_MAKE_ROLE = """
    DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
            CREATE ROLE {role} NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$;
    DO $$ BEGIN
        IF NOT pg_has_role(current_user, '{role}', 'SET') THEN
            EXECUTE format('GRANT {role} TO %I', current_user);
        END IF;
    EXCEPTION WHEN insufficient_privilege THEN NULL;
    END $$
"""


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
