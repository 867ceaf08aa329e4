"""Rows of submissions, from the claim of a worker to the verdict.

Statements over many rows take them as one JSON parameter: one round trip and one plan, whatever their number.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, text
from sqlmodel import Session

from registry.sealing import MARK

_CLAIM = text("""
    SELECT s.id, s.site_id, s.pseudonym, s.payload, s.content_hash, s.sender, s.received_at, s.findings,
           site.code AS site_code, site.timezone, k.name AS key_name, k.master, k.wrapped
    FROM submission s JOIN site ON site.id = s.site_id
    LEFT JOIN data_key k ON substring(s.payload FROM 1 FOR 5) = :mark
         AND k.name = CAST(encode(substring(s.payload FROM 6 FOR 16), 'hex') AS uuid)
    WHERE s.id = ANY(:ids) AND s.state = 'received'
    ORDER BY s.received_at, s.id FOR UPDATE OF s SKIP LOCKED
""")

# The order of arrival is by the database's clock: an id is made by that of an API, which may be another one each time.
# Whatever holds the earlier one, a lock, a pause after a failure, a message that is lost: this one waits for it.
_HOLD_BACK = text("""
    UPDATE submission s SET ring_at = clock_timestamp()
    WHERE s.id = ANY(:ids) AND EXISTS (
        SELECT FROM submission e
        WHERE e.site_id = s.site_id AND e.pseudonym = s.pseudonym AND e.state = 'received'
          AND (e.received_at, e.id) < (s.received_at, s.id) AND e.id <> ALL(:claimed)
        OFFSET 0)  -- one case after the other, by its index: a planner that believes nothing waits reads all that waits
    RETURNING s.id
""")

_HELD_BACK = text("""
    UPDATE submission SET ring_at = now() + make_interval(secs => :patience)
    WHERE id IN (
        SELECT s.id FROM unnest(CAST(:sites AS int[]), CAST(:names AS text[])) AS w (site_id, pseudonym)
        JOIN submission s ON s.site_id = w.site_id AND s.pseudonym = w.pseudonym
        WHERE s.state = 'received' AND s.ring_at <= clock_timestamp() AND s.id <> ALL(:ids)
        FOR UPDATE OF s SKIP LOCKED)
    RETURNING id
""")

_COUNT_WAITING = text("SELECT mps_waiting(:most)")  # of all sites, whoever asks

_DECIDE = text("""
    UPDATE submission s
    SET state = d.state, pseudonym = coalesce(d.pseudonym, s.pseudonym), effect = d.effect,
        findings = coalesce(s.findings, '[]') || d.findings,  -- what was said when it was received stays said
        error = NULL, decided_at = now()
    FROM jsonb_to_recordset(CAST(:rows AS jsonb))
         AS d (id uuid, state text, pseudonym text, findings jsonb, effect jsonb)
    WHERE s.id = d.id
""")

_FORGET = text("SELECT mps_forget(:ids)")

_OVERDUE = text("""
    UPDATE submission SET ring_at = now() + make_interval(secs => :patience)
    WHERE id IN (SELECT id FROM submission
                 WHERE state = 'received'
                   AND (ring_at <= now() - make_interval(secs => CASE attempts WHEN 0 THEN :late ELSE 0 END)
                        OR ring_at > now() + :longest)
                 ORDER BY ring_at LIMIT :limit FOR UPDATE SKIP LOCKED)
    RETURNING id, attempts
""")


LONGEST_WAIT = timedelta(minutes=10)
"""No row is given a longer one: a time to ring beyond it is left over from a clock that was set back."""


def claim(session: Session, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """Lock those of the submissions that still wait, oldest first; any other is left alone.

    Rows that another transaction holds are skipped: whoever holds them decides them.
    """
    return session.execute(_CLAIM, {"ids": list(ids), "mark": MARK}).all()


def hold_back(session: Session, ids: Sequence[UUID], claimed: Sequence[UUID]) -> set[UUID]:
    """Those of the submissions before which one of the same case came that is neither decided nor claimed here.

    The caller holds the locks of their cases, so that the answer stays true until it has decided the others.
    """
    return set(session.execute(_HOLD_BACK, {"ids": list(ids), "claimed": list(claimed)}).scalars())


def held_back(
    session: Session, names: Sequence[tuple[int, str]], ids: Sequence[UUID], *, patience: float
) -> list[UUID]:
    """Submissions of these cases (site id, pseudonym) that were held back until now, oldest first; not those of ``ids``."""
    values = {
        "sites": [site_id for site_id, _ in names],
        "names": [name for _, name in names],
        "ids": list(ids),
        "patience": patience,
    }
    return sorted(session.execute(_HELD_BACK, values).scalars())


def count_waiting(session: Session, *, most: int) -> int:
    """How many submissions wait, counted up to ``most``."""
    found: int = session.execute(_COUNT_WAITING, {"most": most}).scalar_one()
    return found


def decide(session: Session, decisions: list[dict[str, Any]]) -> None:
    """Write the verdicts: id, state, pseudonym, findings, effect."""
    if decisions:
        session.execute(_DECIDE, {"rows": orjson.dumps(decisions).decode()})


def forget(session: Session, ids: Sequence[UUID]) -> None:
    """Keep of submissions about an erased case only that they came, and what became of them."""
    if ids:
        session.execute(_FORGET, {"ids": list(ids)}).all()


def overdue(session: Session, *, late: float, patience: float, limit: int) -> Sequence[Row[Any]]:
    """Waiting rows whose time to ring came ``late`` seconds ago, (id, attempts); the next one is ``patience`` seconds on.

    Those that were tried already are few, and nobody else rings for them: their time is their time.
    """
    values = {"late": late, "patience": patience, "limit": limit, "longest": LONGEST_WAIT}
    return session.execute(_OVERDUE, values).all()
