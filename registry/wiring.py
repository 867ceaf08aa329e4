"""Wiring: the one place where settings, servers, engine and bus are joined."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from redis import Redis
from sqlalchemy import Engine
from sqlmodel import Session

from registry import bus, embedded
from registry.embedded import Servers
from registry.errors import Unreachable
from registry.settings import Settings
from registry.store.database import Work, create_engine, ensure_schema
from registry.store.migrations import upgrade


@dataclass(frozen=True)
class Registry:
    """The running registry as one process sees it."""

    settings: Settings
    servers: Servers
    engine: Engine

    def work(self) -> Work:
        """A unit of work: ``with registry.work() as work: ...`` commits, rings, and closes."""
        return Work(Session(self.engine, expire_on_commit=False), bus.publish)

    def redis(self) -> Redis:
        """A client of the queue's server, for its health and the length of its lists."""
        return Redis.from_url(self.servers.redis_url, socket_timeout=2, socket_connect_timeout=2)

    def close(self) -> None:
        self.engine.dispose()


def connect(settings: Settings, servers: Servers | None = None, *, pool: int = 10) -> Registry:
    """The registry on servers that run already: those given, or those the settings name."""
    servers = servers or named_servers(settings)
    bus.configure(settings, servers.broker_url)
    return Registry(settings, servers, create_engine(servers.database_url, pool=pool))


def named_servers(settings: Settings) -> Servers:
    """The servers that the settings name."""
    if settings.database_url is None or settings.redis_url is None:
        raise Unreachable("set both MPS_DATABASE_URL and MPS_REDIS_URL, or neither for the embedded servers")
    return Servers(settings.database_url.get_secret_value(), settings.redis_url.get_secret_value())


@contextmanager
def open_registry(settings: Settings, *, migrate: bool = False) -> Iterator[Registry]:
    """The registry for the length of a block.

    Servers named in the settings are used; otherwise the embedded ones of the data folder: those that run already, or
    new ones that stop with the block. An embedded database is migrated without being asked, because nobody else can;
    one that is named is migrated only with ``migrate`` and otherwise refused when its schema is stale.
    """
    with servers(settings) as found:
        registry = connect(settings, found)
        try:
            if migrate or settings.embedded:
                upgrade(registry.engine)
            else:
                ensure_schema(registry.engine)
            yield registry
        finally:
            registry.close()


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
