"""Access: what each kind of process may do in the database, and which rows the API sees.

The tables belong to the login that runs ``mps db upgrade``. API, workers and the command line each run as a role that
owns nothing and has the rights below, no others; nobody but the owner changes or deletes events, records, seals,
snapshots or the files of reports. The API's role sees the rows of one site: the one in the pass that its transaction
shows (``passes.sql``), and none without. A table that is missing here is closed to every role, and fails a test.

``apply`` makes a database so. ``mps db upgrade`` calls it; ``fingerprint`` tells whether it has to.
"""

import hashlib
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from registry.errors import Unreachable


class Role(StrEnum):
    """The roles that processes run as. Roles belong to a whole cluster: all registries in one share them."""

    API = "mps_api"
    WORKER = "mps_worker"
    STAFF = "mps_staff"  # the command line of the registry's staff


API, WORKER, STAFF = Role.API, Role.WORKER, Role.STAFF

READ = "SELECT"
ADD = "SELECT, INSERT"
DECIDE = "state, pseudonym, attempts, error, decided_at, findings, effect, ring_at"
RING = "state, attempts, error, decided_at, ring_at"
MOVE = "state, history, changed_at, finding"
DELIVER = "state, attempts, next_at, outcome, delivered_at"

GRANTS: dict[str, dict[Role, str]] = {
    "site": {API: READ, WORKER: READ, STAFF: f"{ADD}, UPDATE (name, country, timezone, active)"},
    "api_key": {
        STAFF: "SELECT (id, site_id, scopes, label, created_at, expires_at, revoked_at, last_used_at), INSERT, "
        "UPDATE (revoked_at)"
    },
    "batch": {API: f"{ADD}, UPDATE (items, notes)", STAFF: f"{ADD}, UPDATE (items, notes)"},
    "submission": {API: ADD, WORKER: f"{READ}, UPDATE ({DECIDE})", STAFF: f"{ADD}, UPDATE ({RING})"},
    "attempt": {WORKER: f"{ADD}, DELETE"},
    "parcel": {
        API: f"{ADD}, UPDATE (rung_at)",
        WORKER: f"{READ}, UPDATE (rung_at), DELETE",
        STAFF: f"{ADD}, UPDATE (rung_at)",
    },
    "case": {
        API: READ,
        WORKER: f"{ADD}, UPDATE (derived, analysis, basis, linkage, use_ends, use_ends_by, changed_at)",
        STAFF: READ,
    },
    "record": {API: READ, WORKER: ADD, STAFF: READ},
    "query": {
        API: f"{READ}, UPDATE ({MOVE})",
        WORKER: f"{ADD}, UPDATE ({MOVE})",
        STAFF: f"{READ}, UPDATE ({MOVE})",
    },
    "event": {API: ADD, WORKER: ADD, STAFF: ADD},
    "seal": {WORKER: ADD, STAFF: READ},
    "report": {
        API: READ,
        WORKER: f"{ADD}, UPDATE (state, history)",
        STAFF: f"{ADD}, UPDATE (state, history)",
    },
    "snapshot": {WORKER: ADD, STAFF: ADD},
    "withdrawal": {API: READ, WORKER: f"{ADD}, UPDATE (lifted_at)", STAFF: READ},
    "report_withdrawal": {API: READ, WORKER: ADD, STAFF: READ},
    "report_file": {API: READ, WORKER: ADD, STAFF: ADD},
    "report_attachment": {STAFF: ADD},
    "job_run": {WORKER: f"{ADD}, UPDATE (begun_at, ended_at, outcome)", STAFF: READ},
    "webhook": {
        WORKER: f"{READ}, UPDATE (cursor, stopped_at, stop_reason)",
        STAFF: f"{ADD}, UPDATE (url, secret, secret_before, rotated_at, cursor, stopped_at, stop_reason)",
    },
    "webhook_delivery": {
        WORKER: f"{ADD}, UPDATE ({DELIVER}), DELETE",
        STAFF: f"{READ}, UPDATE ({DELIVER})",
    },
    "alembic_version": {API: READ, WORKER: READ, STAFF: READ},
}

HERE = "site_id = (SELECT mps_site())"  # as a subquery it is asked once a statement, not once a row
PUBLIC = "audience = 'public' AND state IN ('published', 'superseded')"
OF_SEEN_REPORT = "EXISTS (SELECT FROM report r WHERE r.id = report_id)"
DRAFT = "EXISTS (SELECT FROM report r WHERE r.id = report_id AND r.state = 'built')"

SEES: dict[str, str] = {
    "site": "id = (SELECT mps_site())",
    "report": PUBLIC,
    "report_file": OF_SEEN_REPORT,
    "report_withdrawal": "EXISTS (SELECT FROM withdrawal w WHERE w.id = withdrawal_id)",
}
"""Rows that the API sees of tables without a ``site_id``; of those that have one it sees the site's."""

ADDS: dict[str, str] = {"report": "state = 'built'", "report_file": DRAFT}
"""What the other roles may add to a table, where that is not everything: no file is added to a report that is final."""

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
