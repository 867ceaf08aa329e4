"""Process: check the submissions of a chunk, accept them into their cases, derive the outcomes; one transaction.

Only rows still ``received`` are touched, so a second delivery of the same message does nothing. Each submission is
judged against its case as it stands, in order of arrival; a refused one changes nothing. One that comes here before an
earlier one of its case is left for later, so the verdicts are those of the order of arrival whatever the queue does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from registry.bus import Task
from registry.domain.case import EMPTY, Case, Version
from registry.domain.check import Verdict, judge
from registry.domain.erased import ERASED
from registry.domain.findings import Finding
from registry.domain.outcomes.outcome import Basis
from registry.domain.permitted_use import use_ended
from registry.domain.reading import read_submission
from registry.domain.submission import Submission
from registry.formats import json as json_format
from registry.ids import registry_id
from registry.pipeline.ask import ask
from registry.pipeline.context import context
from registry.pipeline.decisions import decision, verdict_decision
from registry.pipeline.derived import derived_row
from registry.pipeline.link import names_of, to_be_told, twins_of_chunk
from registry.pipeline.load import load_cases
from registry.pipeline.rederive import rederive
from registry.pipeline.sealed import payload_of
from registry.pipeline.sealed_words import sealed_record
from registry.pipeline.verdict_events import decided, rejected_unread
from registry.sealing import DataKey
from registry.settings import Settings
from registry.store import cases, events, submissions
from registry.store.cases import CaseName
from registry.store.database import Work


@dataclass(slots=True)
class Touched:
    """A case that this chunk works on."""

    site_code: str
    key: DataKey
    case: Case
    id: int | None = None
    before: Case = EMPTY
    added: list[tuple[UUID, Version, str]] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()
    verdicts: list[tuple[Row[Any], Verdict]] = field(default_factory=list)


def process(work: Work, settings: Settings, ids: Sequence[UUID]) -> int:
    """Decide the submissions of a chunk; returns how many were decided here."""
    rows = submissions.claim(work.session, ids)
    if not rows:
        return 0
    now = work.now()
    decisions: list[dict[str, Any]] = []
    readable: list[tuple[Row[Any], Submission]] = []
    erased: list[UUID] = []
    for row in rows:
        if row.key_name is not None:
            work.keys.learn(row.key_name, row.master, row.wrapped)
        if any(one["severity"] == "reject" for one in row.findings or ()):
            decisions.append(
                decision(row.id, "rejected", [])
            )  # refused by its format, with what stands there
            continue
        payload = payload_of(work.keys, row)
        if payload is None:
            erased.append(row.id)
            continue
        submission, findings = read(payload, settings)
        if submission is None:
            decisions.append(decision(row.id, "rejected", findings))
        else:
            readable.append((row, submission))
    touched = _judge(work, settings, readable, now, [row.id for row in rows])
    erased += _of_erased_cases(readable, touched)
    read_of = {row.id: submission for row, submission in readable if row.id not in erased}
    unread = [rejected_unread(row, kept=row.id not in erased) for row in rows if row.id not in read_of]
    events.add(work.session, unread)
    decisions += [decision(one, "rejected", [ERASED]) for one in erased]
    _write(work, settings, touched, now, decisions, read_of)
    submissions.forget(work.session, erased)
    decided = {one["id"] for one in decisions}
    _ring_for_held_back(work, settings, [row for row in rows if str(row.id) in decided])
    return len(decisions)


def _of_erased_cases(
    readable: list[tuple[Row[Any], Submission]], touched: dict[CaseName, Touched]
) -> list[UUID]:
    """Submissions about a case that was erased after they came."""
    return [row.id for row, submission in readable if (row.site_id, submission.case) not in touched]


def _ring_for_held_back(work: Work, settings: Settings, decided: Sequence[Row[Any]]) -> None:
    """Ring for later ones of the cases of these that came to a worker before them.

    Only who decided something rings: two that wait for a third would ring for one another for ever.
    """
    names = list({(row.site_id, row.pseudonym) for row in decided if row.pseudonym})
    patience = settings.sweep_after_seconds
    held = submissions.held_back(work.session, names, [row.id for row in decided], patience=patience)
    if held:
        work.ring(Task.PROCESS, [str(one) for one in held])


def read(payload: bytes, settings: Settings) -> tuple[Submission | None, list[Finding]]:
    """The submission in these bytes, or why it can not be read."""
    if len(payload) > settings.max_submission_bytes:  # an item of a batch; a single one was refused before
        text = f"one submission may have {settings.max_submission_bytes} bytes; send its records in several"
        return None, [Finding("too_large", "reject", "", text)]
    parsed, problem = json_format.document(payload, max_depth=settings.max_depth)
    return (None, [problem]) if problem else read_submission(parsed)


def _judge(
    work: Work,
    settings: Settings,
    readable: list[tuple[Row[Any], Submission]],
    now: datetime,
    claimed: Sequence[UUID],
) -> dict[CaseName, Touched]:
    names = {(row.site_id, submission.case): row.site_code for row, submission in readable}
    if not names:
        return {}
    sent = [((row.site_id, submission.case), submission) for row, submission in readable]
    cases.lock(work.session, names, names_of(sent))
    early = submissions.hold_back(work.session, [row.id for row, _ in readable], claimed)
    known, keys = _find(work, names)
    stored = load_cases(work, list(known.values()))
    before = {name: stored[known[name]] if name in known else EMPTY for name in keys}
    touched = {
        name: Touched(names[name], key, before[name], known.get(name), before[name])
        for name, key in keys.items()
    }
    twins = twins_of_chunk(work, before, sent)
    for row, submission in readable:
        name = row.site_id, submission.case
        if row.id in early or name not in touched:
            continue
        one = touched[name]
        known_here = context(settings, now, row.timezone, twins.get(name, ()))
        verdict = judge(one.case, submission, known_here, now=now)
        one.verdicts.append((row, verdict))
        if verdict.accepted:
            one.case, one.findings = verdict.case, verdict.findings
            one.added.extend((row.id, version, submission.dictionary) for version in verdict.added)
    return touched


def _find(work: Work, names: Iterable[CaseName]) -> tuple[dict[CaseName, int], dict[CaseName, DataKey]]:
    """Ids of the cases there are, and the keys of all that were not erased.

    Asked for under the locks of the cases: whoever erases one holds its lock.
    """
    named = {name: work.keys.vault.case(name) for name in names}
    rows = {(row.site_id, row.pseudonym): row for row in cases.find(work.session, named)}
    found = {
        name: work.keys.learn(row.key_name, row.master, row.wrapped)
        for name, row in rows.items()
        if row.has_key
    }
    found |= work.keys.of_cases(named.keys() - found.keys())
    keys = {name: key for name in named if (key := found[name])}
    return {name: row.id for name, row in rows.items() if row.id is not None and name in keys}, keys


def _write(
    work: Work,
    settings: Settings,
    touched: dict[CaseName, Touched],
    now: datetime,
    decisions: list[dict[str, Any]],
    read_of: dict[UUID, Submission],
) -> None:
    accepted = {name: one for name, one in touched.items() if any(v.accepted for _, v in one.verdicts)}
    changed = {name: one for name, one in accepted.items() if one.added}
    basis = Basis(cutoff=now.date(), opioid_table=settings.opioid_table)
    made = {name: derived_row(one.case, one.findings, basis) for name, one in changed.items()}
    cases.write_derived(work.session, {one.id: made[name] for name, one in changed.items() if one.id})
    new = {name: made.get(name, {}) for name, one in accepted.items() if one.id is None}
    for name, case_id in cases.add(work.session, new).items():
        touched[name].id = case_id
    cases.add_records(work.session, [r for name, one in accepted.items() for r in _record_rows(name[0], one)])
    checked = (
        (one.id, name[0], verdict.findings)
        for name, one in changed.items()
        for _, verdict in one.verdicts
        if one.id and verdict.added
    )
    ask(work, checked, actor="registry", now=now)
    happened = []
    for one in touched.values():
        known_as = registry_id(one.site_code, one.id) if one.id else None
        for row, verdict in one.verdicts:
            decisions.append(verdict_decision(row.id, verdict, known_as, read_of[row.id]))
            happened.append(decided(row, verdict, known_as))
    submissions.decide(work.session, decisions)
    events.add(work.session, happened)
    if any(use_ended(one.case) != use_ended(one.before) for one in changed.values()):
        work.ring(Task.WITHDRAW)
    told = to_be_told(
        work, {one.id: (name[0], one.before, one.case) for name, one in changed.items() if one.id}
    )
    if told:  # cases of other sites, and of this chunk that did not know of one another
        rederive(work, settings, told)


def _record_rows(site_id: int, one: Touched) -> list[dict[str, Any]]:
    return [
        {
            "case_id": one.id,
            "site_id": site_id,
            "submission_id": submission_id,
            "form": version.form,
            "key": version.content.key,
            "recorded_at": version.recorded_at,
            "hash": version.hash,
            **sealed_record(one.key, one.id, version),
            "dictionary": dictionary,
        }
        for submission_id, version, dictionary in one.added
        if one.id
    ]
