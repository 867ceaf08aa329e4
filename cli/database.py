"""mps db: the schema of the database, and copies of it."""

import typer

from cli import output
from registry.settings import Settings
from registry.store import migrations
from registry.store.database import ensure_schema, stored_revision
from registry.wiring import owners_engine, servers

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Schema of the database.")


@app.command()
def upgrade(revision: str = "head") -> None:
    """Bring the database to the schema of this version."""
    settings = Settings()
    with servers(settings) as found:
        engine = owners_engine(settings, found)
        migrations.upgrade(engine, revision)
        output.say(f"the database is at schema {stored_revision(engine)}")
        engine.dispose()


@app.command()
def check() -> None:
    """Say whether the schema is the one this version needs; exit status 3 when not."""
    settings = Settings()
    with servers(settings) as found:
        engine = owners_engine(settings, found)
        try:
            ensure_schema(engine)
        finally:
            engine.dispose()
    output.say("the schema is up to date")
