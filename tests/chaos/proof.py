"""The proof after a run: nothing lost, nothing twice, and the cases are those of a run that nothing disturbed.

Everything is read from the records and the audit events themselves; no counter is believed.
"""

import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import text

from registry import embedded
from registry.formats.item import Incoming, Item
from registry.pipeline.chunk import run_chunk
from registry.pipeline.receive import receive_many
from registry.pipeline.seal import verify
from registry.pipeline.sealed_words import record_of
from registry.pipeline.sites import add_site
from registry.settings import Settings
from registry.store import receipts
from registry.store.migrations import upgrade
from registry.store.vault import Vault
from registry.wiring import Registry, connect, keyring
from tests.chaos.senders import Answers
from tests.chaos.workload import Letter
from tests.waiting import until

Facts = dict[Any, Any]

_ODD = {
    "a submission without exactly one verdict in the audit trail": """
        SELECT s.id::text FROM submission s LEFT JOIN event e
               ON e.subject = s.id::text AND e.action IN ('submission.accepted', 'submission.rejected')
        WHERE s.state IN ('accepted', 'rejected') GROUP BY s.id, s.state
        HAVING count(e.id) <> 1 OR min(e.action) <> 'submission.' || s.state""",
    "a verdict in the audit trail of a submission that has none": """
        SELECT e.subject FROM event e LEFT JOIN submission s ON s.id::text = e.subject
        WHERE e.action IN ('submission.accepted', 'submission.rejected')
          AND coalesce(s.state, '') NOT IN ('accepted', 'rejected')""",
    "a submission with other records than it says": """
        SELECT s.id::text FROM submission s LEFT JOIN record r ON r.submission_id = s.id
        GROUP BY s.id, s.state, s.effect
        HAVING count(r.id) <> CASE s.state WHEN 'accepted' THEN (s.effect ->> 'records_added')::int ELSE 0 END""",
    "a version of a record that is there twice": """
        SELECT min(id)::text FROM record GROUP BY case_id, form, key, recorded_at, hash HAVING count(*) > 1""",
    "a case that is there twice": """
        SELECT min(id)::text FROM "case" GROUP BY site_id, pseudonym HAVING count(*) > 1""",
    "a query without exactly one opening in the audit trail": """
        SELECT q.id::text FROM query q LEFT JOIN event e ON e.subject = q.id::text AND e.action = 'query.opened'
        GROUP BY q.id HAVING count(e.id) <> 1""",
    "a parcel that is left over": "SELECT first::text FROM parcel",
    "an attempt that is left over": "SELECT id::text FROM attempt",
}


def odd(registry: Registry) -> list[str]:
    """What contradicts itself in the records and the audit trail; nothing, if each submission took effect once."""
    with registry.work() as work:
        found = [
            f"{what}: {row[0]}" for what, sql in _ODD.items() for row in work.session.execute(text(sql)).all()
        ]
        broken = verify(work.session)
    return found + ([broken] if broken else [])


def ledger(registry: Registry) -> dict[str, dict[str, int]]:
    """Received, accepted, rejected, failed and waiting by site."""
    with registry.work() as work:
        rows = receipts.ledger(work.session)
    return {row.site: {name: int(n) for name, n in row._mapping.items() if name != "site"} for row in rows}


def until_decided(registry: Registry, seconds: float) -> None:
    """Wait until nothing waits; raises with what does."""
    try:
        until(lambda: not any(row["waiting"] for row in ledger(registry).values()), seconds)
    except AssertionError:
        with registry.work() as work:
            left = work.session.execute(text(_LEFT)).all()
        raise AssertionError(f"after {seconds} seconds wait {[tuple(row) for row in left]}") from None


_LEFT = """
    SELECT s.pseudonym, s.attempts, s.error, s.ring_at - now(), s.batch_id IS NOT NULL, count(*) OVER () AS of
    FROM submission s WHERE state = 'received' ORDER BY s.received_at LIMIT 20
"""


def lost_and_twice(registry: Registry, answers: Answers, not_counted: str = "POISON") -> tuple[int, int]:
    """Letters that were answered and are not there, and rows that nobody was answered for."""
    with registry.work() as work:
        ids = {
            str(row[0]): row[1]
            for row in work.session.execute(
                text(
                    "SELECT s.id, s.batch_id::text FROM submission s JOIN site ON site.id = site_id "
                    "WHERE site.code <> :other"
                ),
                {"other": not_counted},
            )
        }
    there = Counter(ids.values())
    lost = sum(one not in ids for one in answers.submissions)
    lost += sum(max(0, count - there[batch]) for batch, count in answers.batches.items())
    return lost, len(ids) + lost - answers.letters


def differences(one: Facts, other: Facts) -> list[str]:
    """Where two states differ, by case."""
    return [
        f"{key}: {_first(one.get(key), other.get(key))}"
        for key in one.keys() | other.keys()
        if one.get(key) != other.get(key)
    ]


def _first(one: Any, other: Any) -> str:
    """The first place where two values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() | other.keys():
            if one.get(key) != other.get(key):
                return f"{key}: {_first(one.get(key), other.get(key))}"
    return f"{str(one)[:200]} / {str(other)[:200]}"


_CASES = text("""
    SELECT site.code AS site, c.id, c.pseudonym, c.derived, c.analysis, c.basis, c.linkage
    FROM "case" c JOIN site ON site.id = c.site_id WHERE site.code <> 'POISON'
""")
_RECORDS = text(
    "SELECT case_id, form, key, recorded_at, hash, content, sealed, reason, dictionary FROM record"
)
_QUERIES = text(
    "SELECT case_id, rule, rule_version, fingerprint, finding, state, blocking, history FROM query"
)
_VERDICTS = text("""
    SELECT site.code AS site, s.pseudonym, s.content_hash, s.state, s.findings, s.effect
    FROM submission s JOIN site ON site.id = s.site_id WHERE site.code <> 'POISON' ORDER BY s.received_at, s.id
""")
_MADE_HERE = re.compile(rb"SIM\d\d-\d{6}-\d")
"""Registry ids: numbers in the order in which cases first came, which is nobody's promise."""


def state(registry: Registry) -> Facts:
    """All cases with their records, what is derived, their queries, and the verdicts in order of arrival."""
    found: Facts = {}
    with registry.work() as work:
        names = {}
        for row in work.session.execute(_CASES):
            names[row.id] = (row.site, row.pseudonym)
            found[names[row.id]] = {
                "derived": row.derived, "analysis": row.analysis, "basis": row.basis, "linkage": row.linkage,
                "records": {}, "queries": {}, "verdicts": [],
            }  # fmt: skip
        for row in work.session.execute(_RECORDS):
            if row.case_id in names:
                version = (row.form, row.key, row.recorded_at, row.hash)
                found[names[row.case_id]]["records"][version] = (*record_of(work.keys, row), row.dictionary)
        for row in work.session.execute(_QUERIES):
            if row.case_id in names:
                steps = [(step["action"], step["actor"]) for step in row.history]
                known = (row.rule_version, row.finding, row.state, row.blocking, steps)
                found[names[row.case_id]]["queries"][row.rule, row.fingerprint] = known
        for row in work.session.execute(_VERDICTS):
            one = found.setdefault((row.site, row.pseudonym), {"verdicts": []})
            one["verdicts"].append((row.content_hash, row.state, row.findings, row.effect))
    return {key: _plain(value) for key, value in found.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return _MADE_HERE.sub(b"(registry id)", orjson.dumps(value))


def undisturbed(letters: Iterable[Letter], settings: Settings) -> Facts:
    """The state after a run of the same letters that nothing disturbs: one process, one after the other."""
    by_site: dict[str, list[Letter]] = {}
    for one in letters:
        by_site.setdefault(one.site, []).append(one)
    with tempfile.TemporaryDirectory(prefix="mps-calm-") as name, embedded.start(Path(name)) as servers:
        registry = connect(settings, None, servers)
        upgrade(registry.engine)
        Vault.prepare(registry.engine, keyring(settings))
        for code, sent in sorted(by_site.items()):
            with registry.work() as work:
                site = add_site(work, code, "Hospital", country="JP", timezone="Asia/Tokyo", actor="test").id
                assert site is not None
                items = (Item(f"line {n}", letter.body) for n, letter in enumerate(sent))
                batch = receive_many(
                    work, settings, site_id=site, incoming=Incoming(items), digest="0" * 64,
                    media_type="application/x-ndjson", correlation_id="undisturbed", idempotency_key=None,
                )  # fmt: skip
            with registry.work() as work:
                waiting = text("SELECT id FROM submission WHERE batch_id = :batch ORDER BY position")
                ids = list(work.session.execute(waiting, {"batch": batch}).scalars())
            for start in range(0, len(ids), 100):
                run_chunk(registry.work, settings, ids[start : start + 100])
        found = state(registry)
        registry.close()
    return found
