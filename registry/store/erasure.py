"""What erasing a case does to its rows, with the rights of the owner of the tables."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, text
from sqlmodel import Session

from registry.sealing import MARK

# Also where the case is from before keys were: the tombstone is made, so that nothing is ever sealed for it again.
_DESTROY = text("""
    INSERT INTO data_key AS k (name, site_id, master, wrapped, destroyed_at) VALUES (:name, :site_id, '', NULL, now())
    ON CONFLICT (name) DO UPDATE SET wrapped = NULL, destroyed_at = coalesce(k.destroyed_at, now())
    RETURNING destroyed_at
""")

_TOMBSTONE = text("SELECT destroyed_at FROM data_key WHERE name = :name AND wrapped IS NULL")

_MESSAGES = """
    FROM submission WHERE site_id = :site_id AND (pseudonym = :pseudonym
        OR (substring(payload FROM 1 FOR 5) = :mark AND encode(substring(payload FROM 6 FOR 16), 'hex') = :key))
"""
_KNOWN = text(f"SELECT id, content_hash, idempotency_key, correlation_id {_MESSAGES}")
_EMPTY = text("""
    UPDATE submission
    SET payload = NULL, source = NULL, pseudonym = NULL, idempotency_key = NULL, content_hash = '', effect = NULL,
        error = NULL, correlation_id = '', findings = CAST(:findings AS jsonb)
    WHERE id = ANY(:ids)
""")
_DELETE = [
    text("DELETE FROM query WHERE case_id = :case"),
    text("DELETE FROM record WHERE case_id = :case"),
    text('DELETE FROM "case" WHERE id = :case'),
]
# Whatever hangs on a draft that counts the case, the draft, and then the snapshots that no report is made of any more.
_DRAFTS = "(SELECT r.id FROM report r JOIN snapshot s USING (input_hash) WHERE r.state = 'built' AND s.case_ids @> ARRAY[CAST(:case AS bigint)])"
_DROP = [
    *(
        text(f"DELETE FROM {table} WHERE report_id IN {_DRAFTS}")
        for table in ("report_file", "report_attachment", "report_withdrawal", "report_edition")
    ),
    text(f"DELETE FROM report WHERE id IN {_DRAFTS}"),
    text("""
        DELETE FROM snapshot s WHERE s.case_ids @> ARRAY[CAST(:case AS bigint)]
        AND NOT EXISTS (SELECT FROM report r WHERE r.input_hash = s.input_hash)
    """),
]
_WITHDRAWN = text("""
    INSERT INTO withdrawal (site_id, case_id, level, effective_from) VALUES (:site_id, :case, 'erase', :today)
    ON CONFLICT DO NOTHING
""")
_CLEAN = text('VACUUM submission, record, query, "case", data_key')


def destroy_key(session: Session, name: UUID, site_id: int) -> datetime:
    """Take the key out of its row, which stays as the tombstone; gives when it was destroyed."""
    found: datetime = session.execute(_DESTROY, {"name": name, "site_id": site_id}).scalar_one()
    return found


def destroyed_at(session: Session, name: UUID) -> datetime | None:
    """When the key of this name was destroyed; None where it was not."""
    found: datetime | None = session.execute(_TOMBSTONE, {"name": name}).scalar_one_or_none()
    return found


def messages(session: Session, site_id: int, pseudonym: str, name: UUID) -> Sequence[Row[Any]]:
    """The submissions about a case: those that name it, and those that its key seals."""
    values = {"site_id": site_id, "pseudonym": pseudonym, "mark": MARK, "key": name.hex}
    return session.execute(_KNOWN, values).all()


def empty(session: Session, ids: Sequence[UUID], findings: list[dict[str, Any]]) -> None:
    """Keep of submissions that they came and what became of them, with these findings and nothing else."""
    session.execute(_EMPTY, {"ids": list(ids), "findings": orjson.dumps(findings).decode()})


def note_withdrawal(session: Session, site_id: int, case_id: int, today: Any) -> None:
    """Note the withdrawal by which reports are flagged, where the case itself holds none."""
    session.execute(_WITHDRAWN, {"site_id": site_id, "case": case_id, "today": today})


def delete(session: Session, case_id: int) -> tuple[int, int]:
    """Delete a case with its queries and records; gives how many of either there were."""
    queries, records, _ = (
        session.execute(statement, {"case": case_id}).rowcount  # type: ignore[attr-defined]
        for statement in _DELETE
    )
    return queries, records


def drop_drafts(session: Session, case_id: int) -> int:
    """Delete the reports that count a case and are not final yet; gives how many there were."""
    counts: list[int] = [
        session.execute(statement, {"case": case_id}).rowcount  # type: ignore[attr-defined]
        for statement in _DROP
    ]
    return counts[-2]


def clean(session: Session) -> None:
    """Give the room of the deleted rows free, outside a transaction."""
    session.execute(_CLEAN)
