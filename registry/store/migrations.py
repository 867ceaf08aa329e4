"""Migrations from code: the same as the ``alembic`` command, against the address the caller names."""

from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from registry.store import events
from registry.store.database import PROJECT, stored_revision

OWNER = "database owner"
"""Who upgrades, as the audit trail names them."""


def config(engine: Engine) -> Any:
    """Alembic's configuration from ``pyproject.toml``, bound to this engine."""
    from alembic.config import Config

    made = Config(toml_file=PROJECT / "pyproject.toml")
    made.attributes["engine"] = engine
    return made


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to a revision; safe to call from several processes at once (env.py takes a lock)."""
    from alembic import command

    before = stored_revision(engine)
    command.upgrade(config(engine), revision)
    after = stored_revision(engine)
    if after != before:
        with Session(engine) as session, session.begin():
            event = events.happened("schema.upgraded", str(after), actor=OWNER, before=before, after=after)
            events.add(session, [event])


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the database back to a revision."""
    from alembic import command

    command.downgrade(config(engine), revision)


def check(engine: Engine) -> None:
    """Raise when the tables of the code and the migrations differ."""
    from alembic import command

    command.check(config(engine))
