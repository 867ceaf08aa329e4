"""The registry of this machine, as commands open it."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from registry import logs
from registry.settings import Settings
from registry.wiring import Registry, open_registry

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
SiteOption = Annotated[str | None, typer.Option("--site", help="Only this site (its code).")]
LimitOption = Annotated[int, typer.Option("--limit", help="At most this many.", min=1, max=100_000)]


@contextmanager
def local_registry() -> Iterator[Registry]:
    """The registry that the settings name, or the embedded one of this folder.

    Logs of a command are warnings only: what it has to say, it prints.
    """
    settings = Settings()
    logs.set_up(settings.model_copy(update={"log_level": "WARNING"}))
    with open_registry(settings) as registry:
        yield registry


def actor() -> str:
    """Who works at the command line, as the audit trail names them."""
    return f"cli:{getpass.getuser()}"
