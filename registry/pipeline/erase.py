"""Erase: destroy the data key of a case and its rows. What stays is a tombstone: a keyed hash that tells nobody the case.

Done as the owner of the tables, because no role of the application may delete a record. Reports that count the case and
are final are flagged and never rewritten, nor is the sealed trail: the proof says what they hold. Drafts are deleted.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from registry.domain.erased import ERASED
from registry.domain.permitted_use import Withdrawn, use_ended
from registry.domain.words import take_out
from registry.errors import Conflict, NotFound
from registry.ids import registry_id
from registry.pipeline.cases import find_case
from registry.pipeline.load import load_cases, load_versions
from registry.pipeline.sites import the_site
from registry.pipeline.traces import Needle
from registry.pipeline.withdraw import withdraw
from registry.settings import Settings
from registry.store import cases, erasure, events
from registry.store.database import Work

SHORT = 8
"""Characters of a text below which it is no trace of anybody."""

_TOKENS = text('SELECT linkage FROM "case" WHERE id = :case')


@dataclass(frozen=True, slots=True)
class Erased:
    """A case that is no more, and what to look for to see whether it is.

    tombstone  name of its destroyed data key
    since      when the registry first knew the case; None where that went with it
    needles    what would betray it
    """

    tombstone: UUID
    site_id: int
    at: datetime
    since: datetime | None
    needles: tuple[Needle, ...]
    submissions: int = 0
    records: int = 0
    queries: int = 0
    drafts: int = 0


def erase(
    work: Work, settings: Settings, name: str, *, site: str | None, why: str, asked: bool, actor: str
) -> Erased:
    """Erase a case by its registry id or pseudonym. One that was erased before is given back with its tombstone.

    ``asked`` says that the patient asked for it in another way than by a withdrawal of this level that is in force.
    Raises ``NotFound``, and ``Conflict`` where nobody asked for it.
    """
    site_id = the_site(work, site).id if site else None
    try:
        row = find_case(work, name, site_id)
    except NotFound:
        return _erased_before(work, name, site_id)
    cases.lock(work.session, [(row.site_id, row.pseudonym)])
    today = work.now().astimezone(UTC).date()
    case = load_cases(work, [row.id])[row.id]
    if not asked and not _in_force(use_ended(case), today):
        raise Conflict(
            "no withdrawal of the level `erase` is in force for this case; where the patient asked for it in another "
            "way, say so with --without-withdrawal"
        )
    key = work.keys.vault.case((row.site_id, row.pseudonym))
    sent = erasure.messages(work.session, row.site_id, row.pseudonym, key)
    needles = _needles(work, row, sent)
    withdraw(work, settings)  # as long as its row says which withdrawal it is
    at = erasure.destroy_key(work.session, key, row.site_id)
    erasure.empty(work.session, [one.id for one in sent], [ERASED.as_json()])
    queries, records = erasure.delete(work.session, row.id)
    erasure.note_withdrawal(work.session, row.site_id, row.id, today)
    withdraw(work, settings)  # flags the reports also where the case held no withdrawal
    counts = {
        "submissions": len(sent), "records": records, "queries": queries,
        "drafts": erasure.drop_drafts(work.session, row.id),
    }  # fmt: skip
    known_as = registry_id(row.site, row.id)
    happened = events.happened(
        "case.erased", str(key), actor=actor, site_id=row.site_id, case=known_as, why=why, **counts
    )
    events.add(work.session, [happened])
    return Erased(key, row.site_id, at, row.created_at, needles, **counts)


def _erased_before(work: Work, name: str, site_id: int | None) -> Erased:
    if site_id is None:
        raise NotFound(
            "there is no such case; one that was erased is found by its site (--site) and pseudonym"
        )
    key = work.keys.vault.case((site_id, name))
    at = erasure.destroyed_at(work.session, key)
    if at is None:
        raise NotFound("there is no such case, and none of this name was erased")
    return Erased(key, site_id, at, None, (Needle("pseudonym", name),))


def _in_force(ended: Withdrawn | None, today: date) -> bool:
    return ended is not None and ended.level == "erase" and ended.day <= today


def _needles(work: Work, row: Row[Any], sent: Any) -> tuple[Needle, ...]:
    """What is known of the case at its last moment and would betray it elsewhere."""
    found = {Needle("pseudonym", row.pseudonym), Needle("registry id", registry_id(row.site, row.id))}
    for one in sent:
        found.add(Needle("hash of a message", one.content_hash))
        found |= {Needle("idempotency key", one.idempotency_key)} if one.idempotency_key else set()
    for _, version in load_versions(work, [row.id]):
        _, words = take_out(version.form, version.content.plain)
        said = [*_texts(words), version.reason or ""]
        found |= {Needle("words", one) for one in said if len(one) >= SHORT and " " in one}
    tokens = work.session.execute(_TOKENS, {"case": row.id}).scalar_one() or ()
    return tuple(sorted(found | {Needle("linkage token", one) for one in tokens}))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [found for one in inner for found in _texts(one)]
