"""Rows of data queries."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Row, text
from sqlmodel import Session

_OF_CASES = text("""
    SELECT id, case_id, rule, fingerprint, state, history FROM query WHERE case_id = ANY(:ids)
""")

_ADD = text("""
    INSERT INTO query (id, site_id, case_id, rule, rule_version, fingerprint, finding, state, blocking, history)
    SELECT id, site_id, case_id, rule, rule_version, fingerprint, finding, state, blocking, history
    FROM jsonb_to_recordset(CAST(:rows AS jsonb))
         AS n (id uuid, site_id int, case_id bigint, rule text, rule_version int, fingerprint text, finding jsonb,
               state text, blocking boolean, history jsonb)
    ON CONFLICT DO NOTHING
""")

_MOVE = text("""
    UPDATE query q
    SET state = n.state, history = q.history || n.history, changed_at = now(), finding = coalesce(n.finding, q.finding)
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (id uuid, state text, history jsonb, finding jsonb)
    WHERE q.id = n.id
""")


def of_cases(session: Session, case_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Every query of the cases, in any state."""
    return session.execute(_OF_CASES, {"ids": list(case_ids)}).all() if case_ids else []


def add(session: Session, rows: list[dict[str, Any]]) -> None:
    """Add queries, in the state in which they are by now."""
    if rows:
        session.execute(_ADD, {"rows": orjson.dumps(rows).decode()})


def move(session: Session, rows: list[dict[str, Any]]) -> None:
    """Move queries to a state, with the entries for their history: id, state, history, finding."""
    if rows:
        session.execute(_MOVE, {"rows": orjson.dumps(rows).decode()})
