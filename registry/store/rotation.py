"""Rows of data keys under another master key than the one in force."""

from sqlalchemy import text
from sqlmodel import Session

from registry.store.vault import Vault

_TO_REWRAP = text("""
    SELECT name, master, wrapped FROM data_key WHERE wrapped IS NOT NULL AND master <> :first
    ORDER BY name LIMIT :limit FOR UPDATE
""")
_REWRAP = text("""
    UPDATE data_key k SET wrapped = n.wrapped, master = :first
    FROM unnest(CAST(:names AS uuid[]), CAST(:wrapped AS bytea[])) AS n (name, wrapped) WHERE k.name = n.name
""")
_REWRAP_NAME_KEY = text("UPDATE name_key SET wrapped = :wrapped, master = :first WHERE master <> :first")
_USES = text("""
    SELECT master, count(*) AS keys FROM (
        SELECT master FROM data_key WHERE wrapped IS NOT NULL UNION ALL SELECT master FROM name_key) AS used
    GROUP BY master ORDER BY master
""")


def rewrap(session: Session, vault: Vault, limit: int) -> int:
    """Wrap some of the data keys that are under another master key than the first one; returns how many."""
    first, unwrap = vault.keyring.first, vault.keyring.unwrap
    rows = session.execute(_TO_REWRAP, {"first": first.id, "limit": limit}).all()
    if rows:
        wrapped = [
            first.wrap(unwrap(row.master, row.wrapped, row.name.bytes), row.name.bytes) for row in rows
        ]
        values = {"first": first.id, "names": [row.name for row in rows], "wrapped": wrapped}
        session.execute(_REWRAP, values)
    return len(rows)


def rewrap_name_key(session: Session, vault: Vault) -> int:
    """The same for the secret of the names."""
    values = {"first": vault.keyring.first.id, "wrapped": vault.wrapped_names()}
    return session.execute(_REWRAP_NAME_KEY, values).rowcount  # type: ignore[attr-defined,no-any-return]


def uses(session: Session) -> dict[str, int]:
    """How many keys are under each master key, by its id."""
    return {row.master: row.keys for row in session.execute(_USES)}
