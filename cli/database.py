"""mps db: the schema of the database, and copies of it."""

import typer

from cli import output
from registry.settings import Settings
from registry.store import migrations
from registry.store.database import create_engine, ensure_schema, stored_revision
from registry.wiring import servers

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Schema of the database.")


@app.command()
def upgrade(revision: str = "head") -> None:
    """Bring the database to the schema of this version."""
    with servers(Settings()) as found:
        engine = create_engine(found.database_url)
        migrations.upgrade(engine, revision)
        output.say(f"the database is at schema {stored_revision(engine)}")
        engine.dispose()


@app.command()
def check() -> None:
    """Say whether the schema is the one this version needs; exit status 3 when not."""
    with servers(Settings()) as found:
        engine = create_engine(found.database_url)
        try:
            ensure_schema(engine)
        finally:
            engine.dispose()
    output.say("the schema is up to date")
