"""Logins of the database: for each kind of process one that can be its role and nothing else."""

import re
from typing import Any

from sqlalchemy import Connection, text

from registry.errors import NotAllowed, WrongUsage
from registry.store.grants import API, STAFF, WORKER
from registry.store.roles import Role

SHORTEST = 12
"""Characters of a password."""

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


def ensure_owner(connection: Connection) -> None:
    """Raises ``NotAllowed`` unless this login owns the tables, or may do as if it did."""
    found = connection.execute(_EXCESS).one()
    if not (found.special or found.owner):
        raise NotAllowed(
            f"{found.login} does not own the tables; set MPS_DATABASE_OWNER_URL to the login that does"
        )


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
    connection.exec_driver_sql(
        f"{'ALTER' if known else 'CREATE'} ROLE {name} LOGIN NOSUPERUSER PASSWORD '{made}'"
    )
    connection.exec_driver_sql(
        f"REVOKE {', '.join(Role)} FROM {name}; GRANT {', '.join(KINDS[kind])} TO {name}"
    )


def let_in(connection: Connection) -> None:
    """Let each role log in by itself, without a password: for embedded servers, which nobody else can reach."""
    shut = text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles) AND NOT rolcanlogin")
    connection.execute(text("SELECT pg_advisory_xact_lock(7205759403792795)"))  # one at a time
    for role in connection.scalars(shut, {"roles": list(Role)}).all():
        connection.exec_driver_sql(f"ALTER ROLE {role} LOGIN")
