"""Load the study: the analysis rows of all cases at a cut-off, as the registry knew them at a time.

Rows are stored when a case changes. A stored row is used as it is when it cannot differ at this cut-off (see
``settled_on`` in the analysis row); the others are derived anew from the records.
"""

import gc
import hashlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from importlib.metadata import version as package_version
from typing import Any

import orjson
import structlog

from registry.domain.analysis import ANALYSIS_VERSION, analysis_row
from registry.domain.analysis.flat import OPEN_BLOCKING, SETTLED_ON, VERSION, Flat, as_text, flat
from registry.domain.check import RULES_THAT_ASK, rules_version, run
from registry.domain.derive import derive
from registry.domain.forms import DICTIONARY_VERSION
from registry.domain.outcomes import OUTCOMES
from registry.domain.outcomes.outcome import Basis
from registry.domain.queries import state_at
from registry.domain.report.assemble import Tell, untold
from registry.domain.report.document import Audience, SiteFlow
from registry.domain.rules.rule import Context
from registry.pipeline.context import limits
from registry.pipeline.frozen_cases import FrozenCasesBuilder
from registry.pipeline.load import load_cases
from registry.pipeline.seal import head
from registry.pipeline.snapshot import Frozen
from registry.settings import Settings
from registry.store import receipts, reports, withdrawals
from registry.store.database import Work

log = structlog.get_logger()

NONE = as_text([])


def take_snapshot(
    work: Work,
    settings: Settings,
    *,
    cutoff: date,
    as_of: datetime,
    audience: Audience,
    tell: Tell = untold,
) -> Frozen:
    """All cases at a cut-off, as the registry knew them at a time."""
    basis = Basis(cutoff=cutoff, opioid_table=settings.opioid_table)
    queries: dict[int, list[tuple[str, int]]] = {}
    blocked: dict[int, set[str]] = {}
    for query in reports.queries(work.session, as_of):
        if query.history is not None and state_at(query.history, as_of) == "closed":
            continue
        queries.setdefault(query.case_id, []).append((query.rule, (as_of - query.opened_at).days))
        if query.blocking:
            blocked.setdefault(query.case_id, set()).add(query.rule)
    cases, asked, older = FrozenCasesBuilder(), cutoff.isoformat(), 0
    today = work.now().date()  # the patient's will is that of today, whatever past the report looks back on
    pages = reports.analysis_rows(work.session, as_of, basis.opioid_table, today)
    with _without_looking_for_cycles(), ThreadPoolExecutor(1) as reader:
        following = reader.submit(next, pages, None)
        while page := following.result():
            site, stored = page
            ids, names, records, analyses, made_at = map(list, zip(*stored, strict=True))
            changing = [
                n
                for n, (row, at) in enumerate(zip(analyses, made_at, strict=True))
                if not usable(row, at, asked)
            ]
            there = (analyses[n] for n in changing if analyses[n] is not None)
            older += sum(map(_of_another_release, there))
            anew = _derive_anew(work, settings, [ids[n] for n in changing], basis, as_of)
            following = reader.submit(next, pages, None)  # the database looks for the next ones meanwhile
            for n in reversed(changing):
                made = anew[ids[n]]
                if made is None:
                    del ids[n], names[n], records[n], analyses[n]
                else:
                    records[n], analyses[n] = made
            for case_id, analysis in zip(ids, analyses, strict=True):
                # A blocking query that a person closed lets the case in again, whatever the rule still says.
                analysis[OPEN_BLOCKING] = as_text(sorted(blocked[case_id])) if case_id in blocked else NONE
            cases.add_all(site, names, records, analyses, [tuple(queries.get(one, ())) for one in ids], ids)
            tell(f"{len(cases.names):,} cases read")
    if older:
        log.warning(
            "analysis_rows_of_another_release", cases=older, remedy="mps derive --all makes them anew, once"
        )
    return Frozen(
        cases=cases.done(),
        ledger=tuple(
            SiteFlow(row.site, row.received, row.accepted, row.rejected, row.failed, row.waiting)
            for row in receipts.ledger(work.session, as_of)
        ),
        cutoff=cutoff,
        as_of=as_of,
        audience=audience,
        threshold=settings.report_public_threshold
        if audience == "public"
        else settings.report_staff_threshold,
        versions=versions_in_force(settings),
        seal=head(work.session, as_of),
        look=reports.count(work.session, audience, as_of) + 1,
        editions=tuple(reports.edition_hashes(work.session, as_of)) if audience == "public" else (),
        left_out=withdrawals.left_out(work.session, today, as_of),
    )


@contextmanager
def _without_looking_for_cycles() -> Iterator[None]:
    """Rows are many objects and no cycles: looking for those takes Python as long as reading the rows does."""
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()


def usable(analysis: Any, made_at: str | None, asked: str) -> bool:
    """True when the row stored with a cut-off (YYYY-MM-DD) is what the same records would give at the one asked for."""
    if _of_another_release(analysis):  # or there is none
        return False
    settled: str = analysis[SETTLED_ON]
    return made_at == asked or (made_at is not None and settled <= made_at and settled <= asked)


def _of_another_release(analysis: Any) -> bool:
    return not isinstance(analysis, list) or analysis[VERSION] != ANALYSIS_VERSION


def _derive_anew(
    work: Work, settings: Settings, ids: list[int], basis: Basis, as_of: datetime
) -> dict[int, tuple[str, Flat] | None]:
    """Hash of the records and analysis row by case id; None for a case of which nothing was known yet."""
    made: dict[int, tuple[str, Flat] | None] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        work.keys.forget()
        for case_id, case in load_cases(work, part, as_of).items():
            if not case.versions:
                made[case_id] = None
                continue
            findings = tuple(run(RULES_THAT_ASK, case, Context(basis.cutoff, limits(settings))))
            made[case_id] = case.hash, flat(analysis_row(case, derive(case, basis), findings, basis))
    return made


def versions_in_force(settings: Settings) -> Mapping[str, str]:
    """Everything the numbers of a report depend on, by name."""
    return {
        "code": package_version("mps"),
        "dictionary": DICTIONARY_VERSION,
        "rules": rules_version(),
        "outcomes": _digest([[o.id, o.version] for o in OUTCOMES]),
        "analysis": str(ANALYSIS_VERSION),
        "limits": limits(settings).version,
        "opioid table": settings.opioid_table,
        "analysis plan": "MPS-SAP-1",
    }


def _digest(value: Any) -> str:
    return hashlib.sha256(orjson.dumps(value)).hexdigest()[:12]
