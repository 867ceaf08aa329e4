"""The registry that the settings name, or the embedded one of this folder, as the person whose key is shown sees it."""

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from redis import Redis

from registry import logs
from registry.errors import KeyRefused, NotAllowed
from registry.pipeline.callers import Caller, authenticate, require, the_entry
from registry.pipeline.people import operator_key
from registry.settings import Settings
from registry.store import events
from registry.store.database import Work, ensure_schema
from registry.store.logins import ensure_owner
from registry.store.roles import Role
from registry.wiring import Registry, connect, open_registry, servers

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
SiteOption = Annotated[str | None, typer.Option("--site", help="Only this site (its code).")]
LimitOption = Annotated[int, typer.Option("--limit", help="At most this many.", min=1, max=100_000)]

OPERATOR_KEY = "operator.key"
"""In the data folder of embedded servers: whoever may read it may read the database there as well."""


@dataclass(frozen=True)
class Desk:
    """Where a person works: the registry as far as their role reaches."""

    registry: Registry
    caller: Caller

    def work(self) -> Work:
        """A unit of work; of one whose role is a site's it shows the pass of that site."""
        return self.registry.work(self.caller.site_pass)

    @property
    def settings(self) -> Settings:
        return self.registry.settings

    @property
    def actor(self) -> str:
        """Who works here, as the audit trail names them."""
        return self.caller.actor

    def redis(self) -> Redis:
        """A client of the queue's server."""
        return self.registry.redis()

    def require(self, call: str) -> None:
        """Ask for a further call that this command makes. Raises ``NotAllowed``."""
        require(self.caller, call)


@contextmanager
def local_registry(call: str | None = None) -> Iterator[Desk]:
    """The registry, for the command that runs, or for the call that is named: if the person may make it.

    That they made it stands in the audit trail, and likewise that they were refused. Logs of a command are warnings
    only: what it has to say, it prints.
    """
    call = call or command()
    if the_entry(call).needs == "nothing":
        raise NotAllowed(f"`{call}` needs no key, so it reaches no registry")
    settings = Settings()
    logs.set_up(settings.model_copy(update={"log_level": "WARNING"}))
    with open_registry(settings) as registry:
        caller = sign_in(registry, call)
        if caller.site_id is None:
            yield Desk(registry, caller)
            return
        at_site = connect(settings, Role.API, registry.servers)
        try:
            yield Desk(at_site, caller)
        finally:
            at_site.close()


@contextmanager
def as_owner() -> Iterator[Registry]:
    """The registry as the owner of the tables, whose schema must be up to date: for what no key permits."""
    settings = Settings()
    logs.set_up(settings.model_copy(update={"log_level": "WARNING"}))
    with servers(settings) as found:
        registry = connect(settings, None, found)
        try:
            ensure_schema(registry.engine)
            with registry.engine.connect() as connection:
                ensure_owner(connection)
            yield registry
        finally:
            registry.close()


def command() -> str:
    """The command that runs, as the table of authority names it."""
    context: Any = typer.main.get_current_context()  # type: ignore[attr-defined]  # of the click that Typer brings
    names: list[str] = []
    while context is not None and context.parent is not None:
        names.insert(0, context.info_name or "")
        context = context.parent
    return " ".join(["mps", *names])


def sign_in(registry: Registry, call: str) -> Caller:
    """The person whose key is shown, if they may make the call; either way the audit trail keeps it."""
    shown, source = _shown(registry)
    with registry.glance() as work:
        try:
            caller = authenticate(work, shown, own_servers=registry.servers.own)
        except KeyRefused as refused:
            raise KeyRefused(
                f"the key in {source} is unknown, expired or revoked, or no person's"
            ) from refused
    try:
        require(caller, call)
    except NotAllowed:
        _note(registry, "command.refused", call, caller)
        raise
    _note(registry, "command.called", call, caller)
    return caller


def _note(registry: Registry, action: str, call: str, caller: Caller) -> None:
    happened = events.happened(action, call, actor=caller.actor, site_id=caller.site_id, key=caller.key_id)
    with registry.work() as work:
        events.add(work.session, [happened])


def _shown(registry: Registry) -> tuple[str, str]:
    """A key and where it is from: the settings, or the operator's where the servers are embedded."""
    settings = registry.settings
    if settings.user_key is not None:
        return settings.user_key.get_secret_value(), "MPS_USER_KEY"
    if settings.user_key_file is not None:
        return _read(settings.user_key_file), str(settings.user_key_file)
    if not registry.servers.own:
        raise KeyRefused(
            "set MPS_USER_KEY, or MPS_USER_KEY_FILE, to your own key; an administrator makes one with `mps user add`"
        )
    path = make_operator(registry)
    return _read(path), f"{path} (remove the file, and a new one is made)"


def _read(path: Path) -> str:
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise KeyRefused(
                f"others on this machine may read {path}; run `chmod 600 {path}`, and change the key"
            )
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyRefused(
            f"{path} cannot be read ({type(error).__name__}); it holds the key of a person"
        ) from error


def make_operator(registry: Registry) -> Path:
    """The file of the operator's key; it is made where there is none, for the data folder proves who they are."""
    path = registry.settings.data / OPERATOR_KEY
    draft = path.with_suffix(".new")
    deadline = time.monotonic() + 10
    while not path.exists():
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another command makes it at this moment, or died while it did
            if time.monotonic() > deadline:
                draft.unlink(missing_ok=True)
            time.sleep(0.05)
            continue
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(_new_operator_key(registry) + "\n")
        draft.replace(path)
    return path


def _new_operator_key(registry: Registry) -> str:
    owner = connect(registry.settings, None, registry.servers)
    try:
        with owner.work() as work:
            return operator_key(work)
    finally:
        owner.close()
