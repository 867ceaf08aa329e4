"""The addresses of a database and a queue, and what can go wrong with embedded ones."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from registry.errors import Unreachable


class EmbeddedError(Unreachable):
    """The embedded servers could not be started. Set MPS_DATABASE_URL and MPS_REDIS_URL to use servers of your own."""

    code = "embedded_servers"


class AlreadyRunning(EmbeddedError):
    """Another process owns the servers of this data folder."""

    code = "already_running"


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the database and the queue are.

    database_url: for SQLAlchemy, `postgresql+psycopg://...`; the login of embedded servers is a superuser.
    redis_url: for redis-py, `unix:///...` where embedded; Celery wants `broker_url`.
    own: whether they are embedded ones, of this account alone.
    owner_url: the database's address for the owner of its tables, where it is another.
    """

    database_url: str
    redis_url: str
    own: bool = False
    owner_url: str | None = None

    def login(self, role: str) -> str:
        """The database's address for processes that run as a role: embedded servers have a login of its name."""
        if not self.own:
            return self.database_url
        return urlsplit(self.database_url)._replace(netloc=f"{role}@").geturl()

    @property
    def broker_url(self) -> str:
        """The queue's address in the form Celery reads."""
        return broker_url(self.redis_url)


def broker_url(redis_url: str) -> str:
    """A redis-py address in the form Celery reads; only addresses of Unix sockets differ.

    No one form serves both (tried with redis-py 8.1, Celery and kombu 5.7): redis-py refuses
    `redis+socket:///path?virtual_host=0` (ValueError: must be redis://, rediss://, unix://) and kombu refuses
    `unix:///path?db=0` (KeyError: no such transport). Over the socket, workers (prefork and threads) with
    `ack_emulation` off took up their work again within two seconds of each restart of Valkey.

    Over TLS kombu checks no certificate unless it is told to, where redis-py does: it is told.
    """
    if redis_url.startswith("rediss://") and "ssl_cert_reqs=" not in redis_url:
        return f"{redis_url}{'&' if '?' in redis_url else '?'}ssl_cert_reqs=required"
    if not redis_url.startswith("unix://"):
        return redis_url
    path, _, database = redis_url.removeprefix("unix://").partition("?db=")
    return f"redis+socket://{path}?virtual_host={database or 0}"
