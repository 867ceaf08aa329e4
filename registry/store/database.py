"""Engine, unit of work and schema check: how the rest of the code reaches PostgreSQL."""

import re
import select
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson
from psycopg.errors import ReadOnlySqlTransaction
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy import create_engine as sqlalchemy_engine
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError, ProgrammingError
from sqlmodel import Session

from registry.errors import MasterKeyUnknown, StaleSchema, Unreachable
from registry.store import access, showing
from registry.store.roles import Role
from registry.store.vault import Keys, Vault

Publish = Callable[[str, tuple[Any, ...]], bool]
"""Rings a task by name with its arguments; False, and no exception, for a broker that is away."""

_NOW = text("SELECT now()")

PROJECT = Path(__file__).parents[2]


_SESSION = "-c timezone=UTC -c jit=off -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
"""Keepalives, so that the locks of a machine that is cut off in mid-transaction are not kept for hours: the server ends its
session. No statement of ours is worth compiling, and on large tables the server would compile short ones again and again.
"""

_LIVELINESS = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
}
"""So that nobody waits for hours for a server that is cut off."""


def create_engine(url: str, *, role: Role | None = None, pool: int = 10) -> Engine:
    """An engine on a ``postgresql://`` address; opens nothing yet. Without a role it works as the login it is given."""
    scheme, _, rest = url.partition("://")
    if scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise Unreachable(f"MPS_DATABASE_URL starts with {scheme!r}; only postgresql:// is served")
    engine = sqlalchemy_engine(
        f"postgresql+psycopg://{rest}",
        pool_size=pool,
        max_overflow=pool,
        hide_parameters=True,  # messages of errors end up in logs
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        connect_args={
            "options": _SESSION + (f" -c role={role}" if role else ""),
            "application_name": "mps",
            "connect_timeout": 5,
            **_LIVELINESS,
        },
    )
    event.listen(engine, "checkout", _refuse_dead)
    return engine


def _refuse_dead(connection: Any, *_: object) -> None:
    """Let the pool make a new connection where the server closed this one: a restart costs a reconnect, not an error.

    Between transactions a live server says nothing; a closed connection has its end to be read. Asking the server
    instead (``pool_pre_ping``) would cost every transaction a round trip.
    """
    waiting = select.poll()
    waiting.register(connection, select.POLLIN)
    if waiting.poll(0):
        raise DisconnectionError("the server closed this connection")


class AtSite(Session):
    """A session whose transactions show the pass of a site, and so see its rows and no others (``passes.sql``)."""

    def __init__(self, engine: Engine, site_pass: str) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.site_pass = site_pass


@event.listens_for(AtSite, "after_begin")
def _show_pass(session: AtSite, _: Any, connection: Connection) -> None:
    if not showing.begin(connection.connection.driver_connection, session.site_pass.encode()):
        connection.execute(_SHOW, {"site_pass": session.site_pass})  # the way on which errors are told


_SHOW = text("SELECT pg_catalog.set_config('mps.site', :site_pass, true)")


@dataclass
class Work:
    """One transaction and what is rung after its commit.

    One request, command or task is one unit of work: leaving the block commits, an exception rolls back and forgets
    the rings. Messages are sent only after the commit, so nobody is told of rows that do not exist.
    """

    session: Session
    publish: Publish
    vault: Callable[[], Vault] | None = None
    rings: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)

    @cached_property
    def keys(self) -> Keys:
        """The data keys of this transaction: they are forgotten with it."""
        if self.vault is None:
            raise MasterKeyUnknown()
        return Keys(self.session, self.vault())

    def ring(self, task: str, *args: Any) -> None:
        """Ring a task once this transaction is committed."""
        self.rings.append((task, args))

    def now(self) -> datetime:
        """The database's time of this transaction: one clock for all machines."""
        found: datetime = self.session.execute(_NOW).scalar_one()
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.session.commit()
            else:
                self.session.rollback()
        finally:
            self.session.close()
        if kind is None:
            for task, args in self.rings:
                if not self.publish(task, args):
                    break  # nor would the next one ring: nobody waits for a hundred failures


OpenWork = Callable[[], AbstractContextManager[Work]]
"""Opens a unit of work."""


def is_machinery(error: Exception) -> bool:
    """True for faults that are not in the data: the connection, a lock, a full disk, a missing key, a server that stops
    or only reads."""
    return isinstance(error, OperationalError | MasterKeyUnknown) or (
        isinstance(error, DBAPIError)
        and (error.connection_invalidated or isinstance(error.orig, ReadOnlySqlTransaction))
    )


@contextmanager
def reachable() -> Iterator[None]:
    """Turn a refused connection into the error that says what to do."""
    try:
        yield
    except OperationalError as error:
        said = str(error.orig).strip().splitlines()[0]
        if found := re.search(r'role "(mps_\w+)" does not exist', said):
            raise StaleSchema(f"the database has no role {found[1]}; run `mps db upgrade`") from error
        if found := re.search(r'permission denied to set role "(mps_\w+)"', said):
            text = f"this login is no member of {found[1]}; make one that is with `mps db login`"
            raise Unreachable(f"{text}, or run `GRANT {found[1]} TO ...` as the owner") from error
        raise Unreachable(f"the database could not be reached: {said}") from error


@cache
def expected_revision() -> str:
    """The newest migration of this code; importing Alembic takes long, so it is done only here."""
    from alembic.script import ScriptDirectory

    head = ScriptDirectory(str(PROJECT / "alembic")).get_current_head()
    assert head is not None
    return head


def stored_revision(engine: Engine) -> str | None:
    """The migration the database stands at; None for an empty database."""
    try:
        with reachable(), engine.connect() as connection:
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return found
    except ProgrammingError:
        return None


def ensure_schema(engine: Engine) -> None:
    """Refuse to work on a schema, or on rights of the roles, that this code was not written for."""
    stored, expected = stored_revision(engine), expected_revision()
    if stored != expected:
        raise StaleSchema(
            f"the database is at schema {stored or 'none'}, this version needs {expected}; run `mps db upgrade`"
        )
    with reachable(), engine.connect() as connection:
        if access.stored_fingerprint(connection) != access.fingerprint():
            raise StaleSchema(
                "the roles of the database have other rights than this version gives them; run `mps db upgrade`"
            )
