"""The life of a report: built, locked, published, superseded. A locked report never changes.

A public edition leaves the registry only locked, and only when enough patients are new since the last one: reports that
follow one another closely would give away the patients between them.
"""

import hashlib
from datetime import UTC, datetime
from typing import Literal

from registry.domain.report.people import People
from registry.errors import Conflict, NotFound, WrongUsage
from registry.pipeline.frozen_cases import FrozenCases
from registry.pipeline.report import files_of
from registry.pipeline.snapshot import Frozen
from registry.pipeline.study import versions_in_force
from registry.settings import Settings
from registry.store import events, reports, withdrawals
from registry.store.database import Work
from registry.store.tables import Report, Snapshot

State = Literal["built", "locked", "published", "superseded"]

MEANING: dict[State, str] = {
    "built": "a draft: it may be looked at by staff, and nobody else sees it",
    "locked": "final: neither its figures nor its files change any more",
    "published": "the hospitals read it",
    "superseded": "a later one was published; it stays as it is",
}

MOVES: dict[tuple[str, str], State] = {
    ("built", "lock"): "locked",
    ("locked", "publish"): "published",
    ("published", "supersede"): "superseded",
}


def the_report(work: Work, number: int) -> Report:
    """The report with this number."""
    report = reports.by_number(work.session, number)
    if report is None:
        raise NotFound(f"there is no report {number}; `mps report list` shows them")
    return report


def lock(work: Work, report: Report, *, actor: str, why: str) -> None:
    """Make a report final; who and why are kept."""
    if not 3 <= len(why.strip()) <= 500:
        raise WrongUsage("say why, in 3 to 500 characters")
    _refuse_flagged(work, report)
    _move(work, report, "lock", actor, why.strip())


def publish(work: Work, report: Report, *, actor: str) -> None:
    """Let the hospitals read a locked public report; the one before is superseded."""
    if report.audience != "public":
        raise WrongUsage("only the public edition is published; build it with --audience public")
    _refuse_flagged(work, report)
    before = reports.published(work.session)
    if before is not None:
        now, then = thaw(work, report), thaw(work, before)
        new = len(enrolled(now) - enrolled(then))
        if new < now.threshold:
            raise Conflict(
                f"{new} patients are new since report {before.number}; a public report needs {now.threshold}, because "
                "two reports with so few patients between them would give those away"
            )
    _move(work, report, "publish", actor, None)
    if before is not None:
        _move(work, before, "supersede", actor, f"report {report.number}")


def _refuse_flagged(work: Work, report: Report) -> None:
    """No report goes further that counts patients who have withdrawn since: that would be a new use of their data."""
    flagged = sum(withdrawals.of_reports(work.session, report.id).get(report.id, {}).values())
    if flagged:
        raise Conflict(
            f"report {report.number} counts {flagged} who withdrew the use of their data since; build a new one"
        )


def enrolled(frozen: Frozen) -> set[tuple[str, str]]:
    """The prospective patients of a snapshot."""
    cases = FrozenCases.of(frozen.cases)
    places = People.everyone(frozen.study()).where(lambda row: row.enrolled).places
    return {(cases.sites[place], cases.names[place]) for place in places.tolist()}


def verify(work: Work, settings: Settings, report: Report) -> list[str]:
    """What differs when the report is built again from its snapshot; empty when every file is the same to the byte."""
    differences = []
    frozen = thaw(work, report)
    stored = {file.name: file for file in reports.files(work.session, report.id)}
    for name, file in stored.items():
        if hashlib.sha256(file.content).hexdigest() != file.sha256:
            differences.append(f"{name}: the stored file does not match its checksum")
    in_force = versions_in_force(settings)
    for what, version in frozen.versions.items():
        if in_force.get(what) != version:
            differences.append(f"version of {what}: built with {version}, here is {in_force.get(what)}")
    built = {file.name: hashlib.sha256(file.content).hexdigest() for file in files_of(frozen)}
    for name in sorted(built.keys() | stored.keys()):
        if name not in built or name not in stored or built[name] != stored[name].sha256:
            differences.append(f"{name}: built again, it differs")
    return differences


def thaw(work: Work, report: Report) -> Frozen:
    """The snapshot of a report."""
    row = work.session.get(Snapshot, report.input_hash)
    if row is None:
        raise NotFound(f"the snapshot of report {report.number} is gone")
    return Frozen.thaw(row.content)


def _move(work: Work, report: Report, action: str, actor: str, why: str | None) -> None:
    state = MOVES.get((report.state, action))
    if state is None:
        known = MEANING.get(report.state, "?")  # type: ignore[call-overload]
        raise Conflict(
            f"report {report.number} is {report.state} ({known}); it cannot be moved by `{action}`"
        )
    report.state = state
    at = datetime.now(UTC).isoformat(timespec="seconds")
    report.history = [*report.history, {"action": action, "actor": actor, "at": at, "why": why}]
    work.session.add(report)
    work.session.flush()
    events.add(work.session, [events.happened(f"report.{state}", str(report.id), actor=actor, why=why)])
