"""Check and derive stored cases anew, after an algorithm, a rule or a table changed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from registry.bus import Task
from registry.domain.check import RULES_THAT_ASK, run
from registry.domain.outcomes.outcome import Basis
from registry.domain.rules.rule import Context
from registry.pipeline.ask import ask
from registry.pipeline.load import load_cases
from registry.pipeline.process import derived_row, zone
from registry.settings import Settings
from registry.store import cases
from registry.store.database import Work

_CASES = text("""
    SELECT c.id, c.site_id, c.pseudonym, site.timezone
    FROM "case" c JOIN site ON site.id = c.site_id WHERE c.id = ANY(:ids) ORDER BY c.id
""")
_ALL = text('SELECT id FROM "case" ORDER BY id')


def rederive(work: Work, settings: Settings, ids: Sequence[int]) -> None:
    """Run the asking rules and the outcomes on these cases, whatever was stored before."""
    rows = work.session.execute(_CASES, {"ids": list(ids)}).all()
    cases.lock(work.session, [(row.site_id, row.pseudonym) for row in rows])
    stored = load_cases(work.session, [row.id for row in rows])
    now = work.now()
    basis = Basis(cutoff=now.date(), opioid_table=settings.opioid_table)
    checked = []
    written = []
    for row in rows:
        case = stored[row.id]
        findings = tuple(run(RULES_THAT_ASK, case, Context(today=now.astimezone(zone(row.timezone)).date())))
        checked.append((row.id, row.site_id, findings))
        written.append(derived_row(row.id, case, findings, basis))
    cases.write_derived(work.session, written)
    ask(work, checked, actor="registry")


def rederive_all(work: Work, settings: Settings) -> int:
    """Ring for every case; returns how many."""
    ids = list(work.session.execute(_ALL).scalars())
    for start in range(0, len(ids), settings.chunk_size):
        work.ring(Task.DERIVE, ids[start : start + settings.chunk_size])
    return len(ids)


_STALE = text('SELECT count(*) FROM "case" WHERE created_at <= :since AND changed_at < :since')


def stale_cases(work: Work, since: datetime) -> int:
    """How many cases were not derived anew since a time."""
    found: int = work.session.execute(_STALE, {"since": since}).scalar_one()
    return found
