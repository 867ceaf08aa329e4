"""mps db: the schema of the database, its logins, and the first administrator; with the owner's login."""

import os
from pathlib import Path
from typing import Annotated

import typer

from cli import output
from cli.local import as_owner
from registry.pipeline.people import first_admin
from registry.settings import Settings
from registry.store import events, migrations
from registry.store.database import ensure_schema, stored_revision
from registry.store.logins import KINDS, make_login
from registry.store.vault import Vault
from registry.wiring import keyring, owners_engine, servers

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Schema and logins of the database.")


@app.command()
def upgrade(revision: str = "head") -> None:
    """Bring the database to the schema of this version, and its roles to the rights."""
    settings = Settings()
    with servers(settings) as found:
        keys, engine = keyring(settings), owners_engine(found)
        try:
            migrations.upgrade(engine, revision)
            Vault.prepare(engine, keys)
            output.say(f"the database is at schema {stored_revision(engine)}")
        finally:
            engine.dispose()


@app.command()
def check() -> None:
    """Say whether the schema is the one this version needs; exit status 3 when not."""
    with servers(Settings()) as found:
        engine = owners_engine(found)
        try:
            ensure_schema(engine)
        finally:
            engine.dispose()
    output.say("the schema is up to date")


@app.command()
def login(
    kind: Annotated[str, typer.Argument(help=f"What runs with it: {', '.join(KINDS)} (all of a machine).")],
    name: Annotated[str, typer.Argument(help="Name of the login.")],
    password_file: Annotated[
        Path | None, typer.Option(help="File with its password.", exists=True, dir_okay=False)
    ] = None,
) -> None:
    """Make a login of the database that can do what its kind of process needs and nothing else.

    The password comes from a file, from MPS_LOGIN_PASSWORD, or is asked for. A login that exists gets the new one.

    Example: mps db login api registry_api --password-file /run/secrets/api
    """
    if password_file is not None:
        password = password_file.read_text(encoding="utf-8").strip()
    else:
        password = os.environ.get("MPS_LOGIN_PASSWORD") or typer.prompt("password", hide_input=True, err=True)
    with as_owner() as registry, registry.work() as work:
        make_login(work.session.connection(), name, kind, password)
        events.add(work.session, [events.happened("login.made", name, actor=migrations.OWNER, after=kind)])
    output.say(f"{name} may log in and be what {kind} needs; use it in MPS_DATABASE_URL")


@app.command()
def admin(name: Annotated[str, typer.Argument(help="Name of the person, for example m.takamatsu.")]) -> None:
    """Add an administrator with a key: the first one, or when all keys are lost. Others come by `mps user add`."""
    with as_owner() as registry, registry.work() as work:
        key = first_admin(work, name, actor=migrations.OWNER)
    output.say(key)
    output.note("keep it in a file of yours alone (MPS_USER_KEY_FILE); it is not shown again")
