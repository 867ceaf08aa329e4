"""Run migrations on the engine the caller gives, or on the one the settings name. Never touches logging."""

from typing import Any

import sqlmodel
from alembic import context
from sqlalchemy import Connection, Engine, text

from registry.settings import Settings
from registry.store import access
from registry.store.database import create_engine
from registry.store.tables import METADATA


def engine() -> Engine:
    given: Engine | None = context.config.attributes.get("engine")
    if given is not None:
        return given
    settings = Settings()
    url = settings.database_owner_url or settings.database_url
    if url is None:
        raise SystemExit("set MPS_DATABASE_URL, or run `mps db upgrade` for the embedded database")
    return create_engine(url.get_secret_value())


def render_item(kind: str, item: Any, autogen: Any) -> str | bool:
    """Write plain SQLAlchemy types, so that old migrations do not depend on the model library."""
    if kind == "type" and isinstance(item, sqlmodel.sql.sqltypes.AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=METADATA, render_item=render_item, compare_server_default=False
    )
    with context.begin_transaction():
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(7205759403792793)"))  # one migration at a time
        context.run_migrations()
        at_head = set(context.get_context().get_current_heads()) == set(context.script.get_heads())
        if not at_head:
            access.forget(connection)  # tables that are made anew have no rights yet
        elif access.stored_fingerprint(connection) != access.fingerprint():
            access.apply(connection)


with engine().connect() as opened:
    run(opened)
    opened.commit()
