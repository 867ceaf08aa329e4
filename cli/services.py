"""The registry's services as processes of this machine: API, worker and beat on given servers."""

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from cli.supervisor import Supervisor, supervised
from registry.embedded.master_key import master_key_file
from registry.errors import Unreachable, WrongUsage
from registry.settings import Settings
from registry.store.roles import Role
from registry.wiring import Registry

READY_WITHIN = 60.0

KEPT_BACK = ("MPS_DATABASE_OWNER_URL", "MPS_DATABASE_URL", "MPS_USER_KEY", "MPS_USER_KEY_FILE")
"""Variables that the services do not inherit: each has the database's login of its own kind, and is no person."""


@dataclass(frozen=True)
class Services:
    """The running services and the address of their API."""

    url: str
    supervisor: Supervisor


@contextmanager
def services(registry: Registry, tell: Callable[[str], None], **settings: str) -> Iterator[Services]:
    """Run API, worker and beat until the block ends; ``settings`` are further ``MPS_`` variables for them."""
    with listening(registry.settings) as door:
        port: int = door.getsockname()[1]
        environment = {name: value for name, value in os.environ.items() if name not in KEPT_BACK} | {
            "MPS_REDIS_URL": registry.servers.redis_url,
            "MPS_DATA": str(registry.settings.data.resolve()),
            "MPLCONFIGDIR": str(cache_folder(registry.settings)),
            **settings,
            "MPS_PORT": str(port),
        }
        for name in ("MPS_DATABASE_URL_FILE", "MPS_REDIS_URL_FILE"):
            environment.pop(name, None)  # what they hold stands above
        if registry.settings.master_key is None:
            environment["MPS_MASTER_KEY_FILE"] = str(master_key_file(registry.settings.data).resolve())
        host = registry.settings.host
        with supervised(environment, tell) as supervisor:
            api, worker = (
                {"MPS_DATABASE_URL": registry.servers.login(role)} for role in (Role.API, Role.WORKER)
            )
            supervisor.start(
                "worker", "celery", "--quiet", "-A", "workers.app", "worker", "--loglevel", "INFO", **worker
            )
            supervisor.start(
                "beat", "celery", "--quiet", "-A", "workers.app", "beat", "--loglevel", "INFO", "--pidfile", "",
                **worker,
            )  # fmt: skip
            supervisor.start("api", "registry.api.server", MPS_LISTEN_FD=door.fileno(), **api)
            url = f"http://{host}:{port}"
            wait_until_ready(url, supervisor)
            yield Services(url, supervisor)


def wait_until_ready(url: str, supervisor: Supervisor) -> None:
    """Wait until the API answers that it is ready."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/readyz", timeout=2, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        supervisor.watch(0.1)
    raise Unreachable(
        f"the API did not become ready at {url} within {READY_WITHIN:.0f} seconds; see its log above"
    )


def listening(settings: Settings) -> socket.socket:
    """The socket of the API at the address of the settings; at port 0, one that the system chooses.

    It is open as long as the services run: who comes while the API starts again waits and is not refused.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=1024)
    except OSError as error:
        text = f"port {settings.port} on {settings.host} is taken; choose another with --port, or 0 for any"
        raise WrongUsage(text) from error


def cache_folder(settings: Settings) -> Path:
    """Where the figure library keeps its list of fonts, so that it is made once: beside the installed code if that can
    be written to, else with the data."""
    beside = Path(sys.prefix, "cache")
    folder = beside if os.access(sys.prefix, os.W_OK) else settings.data / "cache"
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()
