"""Rows of cases and their record versions."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, text
from sqlmodel import Session

CaseName = tuple[int, str]
"""(site id, the site's pseudonym)"""

_LOCK = text("SELECT pg_advisory_xact_lock(k) FROM unnest(CAST(:keys AS bigint[])) AS k")

_FIND = text("""
    SELECT w.site_id, w.pseudonym, c.id, w.key_name, k.master, k.wrapped, k.name IS NOT NULL AS has_key
    FROM unnest(CAST(:sites AS int[]), CAST(:names AS text[]), CAST(:keys AS uuid[]))
         AS w (site_id, pseudonym, key_name)
    LEFT JOIN "case" c ON c.site_id = w.site_id AND c.pseudonym = w.pseudonym
    LEFT JOIN data_key k ON k.name = w.key_name
""")

_RECORDS = text("""
    SELECT r.case_id, r.form, r.key, r.recorded_at, r.content, r.sealed, r.reason, r.dictionary, r.hash,
           r.accepted_at, r.submission_id
    FROM record r WHERE r.case_id = ANY(:ids) AND r.accepted_at <= coalesce(CAST(:as_of AS timestamptz), 'infinity')
    ORDER BY r.id
""")

_ADD = text("""
    INSERT INTO "case" (site_id, pseudonym, derived, analysis, basis, linkage, use_ends, use_ends_by)
    SELECT site_id, pseudonym, derived, analysis, basis, linkage, use_ends, use_ends_by
    FROM jsonb_to_recordset(CAST(:rows AS jsonb))
         AS n (site_id int, pseudonym text, derived jsonb, analysis json, basis jsonb, linkage text[], use_ends date,
               use_ends_by text)
    RETURNING id, site_id, pseudonym
""")

_ADD_RECORDS = text("""
    INSERT INTO record (case_id, site_id, submission_id, form, key, recorded_at, hash, content, sealed, dictionary)
    SELECT case_id, site_id, submission_id, form, key, recorded_at, hash, content, sealed, dictionary
    FROM jsonb_to_recordset(CAST(:rows AS jsonb))
         AS n (case_id bigint, site_id int, submission_id uuid, form text, key text, recorded_at timestamptz, hash text,
               content jsonb, sealed bytea, dictionary text)
    ON CONFLICT DO NOTHING
""")

_DERIVED = text("""
    UPDATE "case" c
    SET derived = n.derived, analysis = n.analysis, basis = n.basis, linkage = n.linkage,
        use_ends = n.use_ends, use_ends_by = n.use_ends_by, changed_at = now()
    FROM jsonb_to_recordset(CAST(:rows AS jsonb))
         AS n (id bigint, derived jsonb, analysis json, basis jsonb, linkage text[], use_ends date, use_ends_by text)
    WHERE c.id = n.id
""")


def lock(session: Session, names: Iterable[CaseName], others: Iterable[str] = ()) -> None:
    """Take the cases for this transaction, whether they exist yet or not, and whatever else two of them could share.

    Always in the same order, so that two transactions with the same cases wait for one another and never deadlock.
    """
    keys = sorted({_lock_key(f"{site}\n{name}") for site, name in names} | {_lock_key(one) for one in others})
    session.execute(_LOCK, {"keys": keys}).all()


def _lock_key(name: str) -> int:
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def find(session: Session, names: Mapping[CaseName, UUID]) -> Sequence[Row[Any]]:
    """Each of the cases, named with the name of its data key: its id, None where there is no such case, and its key."""
    values = {
        "sites": [site_id for site_id, _ in names],
        "names": [name for _, name in names],
        "keys": list(names.values()),
    }
    return session.execute(_FIND, values).all() if names else []


def records(session: Session, ids: Sequence[int], as_of: datetime | None = None) -> Sequence[Row[Any]]:
    """All record versions of the cases, as the registry knew them at ``as_of``."""
    return session.execute(_RECORDS, {"ids": list(ids), "as_of": as_of}).all() if ids else []


def add(session: Session, new: Mapping[CaseName, Mapping[str, Any]]) -> dict[CaseName, int]:
    """Insert new cases with what is derived from them; the caller holds their locks."""
    if not new:
        return {}
    rows = [{"site_id": site_id, "pseudonym": name, **made} for (site_id, name), made in new.items()]
    found = session.execute(_ADD, {"rows": orjson.dumps(rows).decode()})
    return {(row.site_id, row.pseudonym): row.id for row in found}


def add_records(session: Session, rows: list[dict[str, Any]]) -> None:
    """Insert record versions; one that is known already is left as it is."""
    if rows:
        session.execute(_ADD_RECORDS, {"rows": orjson.dumps(rows).decode()})


def write_derived(session: Session, made: Mapping[int, Mapping[str, Any]]) -> None:
    """Replace what is derived from the cases: derived, analysis, basis, linkage, use_ends, use_ends_by."""
    if made:
        rows = [{"id": case_id, **one} for case_id, one in made.items()]
        session.execute(_DERIVED, {"rows": orjson.dumps(rows).decode()})
