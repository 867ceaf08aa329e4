"""Wiring: the one place where settings, servers, engine and bus are joined."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine
from sqlmodel import Session

from registry import bus, embedded
from registry.embedded import Servers
from registry.embedded.master_key import master_key_file
from registry.errors import MasterKeyUnknown, StaleSchema, Unreachable
from registry.gathering import Gathering
from registry.sealing import Keyring
from registry.settings import Settings
from registry.store.database import AtSite, Work, create_engine, ensure_schema
from registry.store.logins import let_in
from registry.store.migrations import upgrade
from registry.store.roles import Role
from registry.store.vault import Vault


@dataclass(frozen=True)
class Registry:
    """The running registry as one process sees it.

    With ``gathering`` nobody who rings waits for the queue, and the rings of single submissions are sent together, a few
    milliseconds after their commits.
    """

    settings: Settings
    servers: Servers
    engine: Engine
    gathering: Gathering | None = None

    def work(self, site_pass: str | None = None) -> Work:
        """A unit of work: ``with registry.work() as work: ...`` commits, rings, and closes.

        The API's role sees only the rows of the site whose pass is shown.
        """
        session = (
            AtSite(self.engine, site_pass) if site_pass else Session(self.engine, expire_on_commit=False)
        )
        return Work(session, self._publish, lambda: self.vault)

    @cached_property
    def vault(self) -> Vault:
        """The master keys, tried on the database at first use. Raises ``MasterKeyUnknown`` where they do not fit."""
        return Vault.open(self.engine, keyring(self.settings))

    def glance(self) -> Work:
        """A unit of work whose statements each stand alone: to look something up without a transaction around it."""
        return Work(Session(self._autocommit, expire_on_commit=False), self._publish)

    @cached_property
    def _autocommit(self) -> Engine:
        return self.engine.execution_options(isolation_level="AUTOCOMMIT")

    def _publish(self, task: str, args: tuple[Any, ...]) -> bool:
        return self.gathering.add(task, args) if self.gathering else bus.publish(task, args)

    def redis(self, timeout: float = 2) -> Redis:
        """A client of the queue's server, for its health, the length of its lists and the rate limits."""
        return Redis.from_url(self.servers.redis_url, socket_timeout=timeout, socket_connect_timeout=timeout)

    def queued(self) -> int:
        """How many messages about submissions wait for the workers; 0 while the queue is away. A hint, no more."""
        try:
            with self.redis() as redis:
                return sum(
                    int(redis.llen(bus.QUEUES[task])) for task in (bus.Task.PROCESS, bus.Task.PROCESS_BULK)
                )
        except (RedisError, OSError):
            return 0

    def close(self) -> None:
        """Ring for what was gathered, and close the connections."""
        if self.gathering is not None:
            self.gathering.close()
        self.engine.dispose()


GATHER_SECONDS = 0.1
"""How long the first of several single submissions waits for others before its message is sent: at a few hundred a second
they are decided in chunks of some dozens, and nobody waits noticeably longer for a verdict."""


def connect(
    settings: Settings,
    role: Role | None,
    servers: Servers | None = None,
    *,
    pool: int = 10,
    gather: bool = False,
) -> Registry:
    """The registry on servers that run already, those given or those the settings name.

    As a process of a kind, or with None as the owner of the tables: for the few things that nobody else may do.
    """
    servers = servers or named_servers(settings)
    bus.configure(settings, servers.broker_url)
    gathering = (
        Gathering(bus.publish, joined=bus.Task.PROCESS, window=GATHER_SECONDS, most=settings.chunk_size)
        if gather
        else None
    )
    engine = create_engine(servers.login(role), role=role, pool=pool) if role else owners_engine(servers)
    return Registry(settings, servers, engine, gathering)


def keyring(settings: Settings) -> Keyring:
    """The master keys that the settings name; the embedded servers have one of their own.

    There is no default: a database of the operator's without a master key is refused.
    """
    if settings.master_key is not None:
        return Keyring.read(settings.master_key.get_secret_value())
    if settings.embedded:
        return Keyring.read(master_key_file(settings.data).read_text(encoding="ascii"))
    raise MasterKeyUnknown(
        "this database needs a master key: `mps master-key new` makes one; name its file in MPS_MASTER_KEY_FILE"
    )


def named_servers(settings: Settings) -> Servers:
    """The servers that the settings name."""
    if settings.database_url is None or settings.redis_url is None:
        raise Unreachable("set both MPS_DATABASE_URL and MPS_REDIS_URL, or neither for the embedded servers")
    owner = settings.database_owner_url
    return Servers(
        settings.database_url.get_secret_value(),
        settings.redis_url.get_secret_value(),
        owner_url=owner.get_secret_value() if owner else None,
    )


@contextmanager
def open_registry(settings: Settings, role: Role | None = Role.STAFF) -> Iterator[Registry]:
    """The registry for the length of a block, for a process of a kind.

    Servers named in the settings are used; otherwise the embedded ones of the data folder: those that run already, or
    new ones that stop with the block. An embedded database is migrated without being asked, because nobody else can;
    one that is named is refused when its schema is stale.
    """
    with servers(settings) as found:
        if found.own:
            _prepare(found, keyring(settings))
        registry = connect(settings, role, found)
        try:
            if not found.own:
                ensure_schema(registry.engine)
            yield registry
        finally:
            registry.close()


def owners_engine(found: Servers) -> Engine:
    """An engine that works as the owner of the tables: for the schema, and for what nobody else may delete."""
    return create_engine(found.owner_url or found.database_url)


def _prepare(found: Servers, keys: Keyring) -> None:
    """Bring an embedded database to the schema, and let its roles log in: only this account reaches its socket."""
    engine = owners_engine(found)
    try:
        try:
            ensure_schema(engine)
        except StaleSchema:
            upgrade(engine)
        with engine.begin() as connection:
            let_in(connection)
        Vault.prepare(engine, keys)
    finally:
        engine.dispose()


@contextmanager
def servers(settings: Settings) -> Iterator[Servers]:
    """The servers for the length of a block: named, running on the data folder, or started."""
    if not settings.embedded:
        yield named_servers(settings)
    elif running := embedded.attach(settings.data):
        yield running
    else:
        with embedded.start(settings.data) as started:
            yield started
