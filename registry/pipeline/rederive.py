"""Check and derive stored cases anew, after an algorithm, a rule or a table changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from registry.bus import Task
from registry.domain.check import asked
from registry.domain.outcomes.outcome import Basis
from registry.ids import registry_id
from registry.pipeline.ask import ask
from registry.pipeline.context import context
from registry.pipeline.derived import derived_row
from registry.pipeline.link import twins
from registry.pipeline.load import load_cases
from registry.settings import Settings
from registry.store import cases, events
from registry.store.database import Work

_CASES = text("""
    SELECT c.id, c.site_id, site.code AS site, c.pseudonym, c.derived, c.basis, site.timezone
    FROM "case" c JOIN site ON site.id = c.site_id WHERE c.id = ANY(:ids) ORDER BY c.id
""")
_CHANGES = text("""
    SELECT change.key AS outcome, change.value AS why, count(*) AS cases
    FROM event, jsonb_each_text(detail -> 'changes') AS change
    WHERE action = :action AND at >= :began GROUP BY change.key, change.value ORDER BY change.key, change.value
""")
CHANGED = "derived.changed"
_ALL = text('SELECT id FROM "case" ORDER BY id')


def rederive(work: Work, settings: Settings, ids: Sequence[int]) -> None:
    """Run the asking rules and the outcomes on these cases, whatever was stored before."""
    rows = work.session.execute(_CASES, {"ids": list(ids)}).all()
    cases.lock(work.session, [(row.site_id, row.pseudonym) for row in rows])
    stored = load_cases(work, [row.id for row in rows])
    elsewhere = twins(work, {row.id: (row.site_id, stored[row.id]) for row in rows})
    now = work.now()
    basis = Basis(cutoff=now.date(), opioid_table=settings.opioid_table)
    checked = []
    written = {}
    happened = []
    for row in rows:
        case = stored[row.id]
        in_force = context(settings, now, row.timezone, elsewhere.get(row.id, ()))
        findings = asked(case, in_force)
        checked.append((row.id, row.site_id, findings))
        made = derived_row(case, findings, basis)
        written[row.id] = made
        changed = changes(row.derived or [], made["derived"], row.basis or {}, made["basis"])
        if changed:
            name = registry_id(row.site, row.id)
            happened.append(
                events.happened(CHANGED, name, actor="registry", site_id=row.site_id, changes=changed)
            )
    cases.write_derived(work.session, written)
    ask(work, checked, actor="registry", now=now)
    events.add(work.session, happened)


def changes(
    before: list[dict[str, Any]],
    after: list[dict[str, Any]],
    basis_before: dict[str, Any],
    basis: dict[str, Any],
) -> dict[str, str]:
    """Why each derived value that differs does so, by outcome; no values, they are clinical."""
    old = {(one["outcome"], one["subject"]): one for one in before}
    new = {(one["outcome"], one["subject"]): one for one in after}
    found = {}
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        if was is None or now is None:
            found[key[0]] = "appeared" if was is None else "went"
        elif was["algorithm_version"] != now["algorithm_version"]:
            found[key[0]] = f"algorithm version {was['algorithm_version']} to {now['algorithm_version']}"
        elif was["opioid_table"] != now["opioid_table"]:
            found[key[0]] = f"opioid table {was['opioid_table']} to {now['opioid_table']}"
        elif was["inputs"] != now["inputs"]:
            found[key[0]] = "other records"
        elif basis_before.get("cutoff") != basis["cutoff"]:
            found[key[0]] = "time went on: a later cut-off"
        else:
            found[key[0]] = "the code changed without a new algorithm version"
    return found


def changes_since(work: Work, began: datetime) -> list[dict[str, Any]]:
    """How many cases changed in which outcome and why, since a time."""
    return [dict(row._mapping) for row in work.session.execute(_CHANGES, {"action": CHANGED, "began": began})]


def rederive_all(work: Work, settings: Settings) -> int:
    """Ring for every case; returns how many."""
    ids = list(work.session.execute(_ALL).scalars())
    for start in range(0, len(ids), settings.chunk_size):
        work.ring(Task.DERIVE, ids[start : start + settings.chunk_size])
    return len(ids)


_CHECKED_UNDER = text("SELECT DISTINCT basis->>'rules' FROM \"case\" WHERE basis IS NOT NULL ORDER BY 1")


def checked_under(work: Work) -> list[str]:
    """The versions of the rules under which the cases were last checked."""
    return list(work.session.execute(_CHECKED_UNDER).scalars())


_STALE = text('SELECT count(*) FROM "case" WHERE created_at <= :since AND changed_at < :since')


def stale_cases(work: Work, since: datetime) -> int:
    """How many cases were not derived anew since a time."""
    found: int = work.session.execute(_STALE, {"since": since}).scalar_one()
    return found
