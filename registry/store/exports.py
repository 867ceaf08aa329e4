"""Rows an export is made of: cases in pages, in the order in which a report reads them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

_PAGE = text("""
    SELECT c.id, c.pseudonym, site.code AS site, site.country, c.changed_at, c.derived, c.analysis,
           coalesce(c.use_ends <= CAST(now() AT TIME ZONE 'UTC' AS date), false) AS use_ended,
           c.basis->>'cutoff' AS cutoff, c.basis->>'opioid_table' AS opioid_table
    FROM "case" c JOIN site ON site.id = c.site_id
    WHERE c.created_at <= :as_of AND (site.code, c.pseudonym) > (:site, :pseudonym)
    ORDER BY site.code, c.pseudonym LIMIT :limit
""")

_QUERIES = text("""
    SELECT id, case_id, rule, finding, history FROM query
    WHERE case_id = ANY(:ids) AND opened_at <= :as_of ORDER BY id
""")

_COUNT = text('SELECT count(*) FROM "case" WHERE created_at <= :as_of')


def freeze(session: Session) -> None:
    """Let this transaction see one state of the database, however long it reads; to be called first."""
    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def page(session: Session, as_of: datetime, after: tuple[str, str], limit: int) -> Sequence[Row[Any]]:
    """Cases after one of (site code, pseudonym), with what is stored of them."""
    values = {"as_of": as_of, "site": after[0], "pseudonym": after[1], "limit": limit}
    return session.execute(_PAGE, values).all()


def queries(session: Session, ids: Sequence[int], as_of: datetime) -> Sequence[Row[Any]]:
    """Queries of these cases that had been opened by then."""
    return session.execute(_QUERIES, {"ids": list(ids), "as_of": as_of}).all()


def count(session: Session, as_of: datetime) -> int:
    """How many cases there were."""
    found: int = session.execute(_COUNT, {"as_of": as_of}).scalar_one()
    return found
