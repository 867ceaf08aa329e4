"""The life of a report: built, locked, published, superseded. A locked report never changes.

A public edition leaves the registry only locked, and only when enough patients are new since the last one: reports that
follow one another closely would give away the patients between them.
"""

import hashlib
from datetime import UTC, datetime
from typing import Literal

from registry.domain.disclosure.gate import fewest_new
from registry.domain.disclosure.judgement import judge
from registry.domain.disclosure.telling import edition
from registry.domain.report.assemble import assemble
from registry.domain.report.people import People
from registry.errors import Conflict, NotFound, WrongUsage
from registry.pipeline.edition_bytes import pack
from registry.pipeline.frozen_cases import FrozenCases
from registry.pipeline.own_views import FOLDER, own_views
from registry.pipeline.report import files_of, published_before, stored
from registry.pipeline.snapshot import Frozen
from registry.pipeline.study import versions_in_force
from registry.settings import Settings
from registry.store import events, reports, withdrawals
from registry.store.database import Work
from registry.store.tables import Report, ReportEdition, Snapshot

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
    if report.audience == "public" and (report.state, "lock") in MOVES:
        _add_own_views(work, report)
    _move(work, report, "lock", actor, why.strip())


def _add_own_views(work: Work, report: Report) -> None:
    """Each hospital's own view, made before the report is final: nothing is added to one that is."""
    frozen = thaw(work, report)
    document = assemble(frozen.study(), frozen.rows_hash)
    judgement = judge(document, frozen.threshold, published_before(work, frozen))
    for file in own_views(frozen, document, judgement):
        work.session.add(stored(report, file))
    work.session.flush()


def publish(work: Work, settings: Settings, report: Report, *, actor: str) -> None:
    """Let the hospitals read a locked public report; the one before is superseded.

    What it tells is kept, so that the next one is protected beside it. For that it is computed again, by the code that
    built it: one that other code built, or that another was published after, must be built anew.
    """
    if report.audience != "public":
        raise WrongUsage("only the public edition is published; build it with --audience public")
    _refuse_flagged(work, report)
    before, now = reports.published(work.session), thaw(work, report)
    if now.editions != tuple(reports.edition_hashes(work.session, work.now())):
        raise Conflict(f"another report was published after report {report.number} was built; build it anew")
    if before is not None:
        new = fewest_new(enrolled(thaw(work, before)), enrolled(now))
        if new < now.threshold:
            raise Conflict(
                f"{new} patients are new since report {before.number} (to the hospital that sees fewest of them); a public "
                f"report needs {now.threshold}, because two reports with so few patients between them would give those away"
            )
    _move(work, report, "publish", actor, None)
    if differences := verify(work, settings, report):
        raise Conflict(
            f"report {report.number} can not be published as it is, build it anew: {differences[0]}"
        )
    document = assemble(now.study(), now.rows_hash)
    judgement = judge(document, now.threshold, published_before(work, now))
    work.session.add(ReportEdition(report_id=report.id, content=pack(edition(document, judgement))))
    if before is not None:
        _move(work, before, "supersede", actor, f"report {report.number}")


def _refuse_flagged(work: Work, report: Report) -> None:
    """No report goes further that counts patients who have withdrawn since: that would be a new use of their data."""
    flagged = sum(withdrawals.of_reports(work.session, report.id).get(report.id, {}).values())
    if flagged:
        raise Conflict(
            f"report {report.number} counts {flagged} who withdrew the use of their data since; build a new one"
        )


def enrolled(frozen: Frozen) -> dict[tuple[str, str], str]:
    """The prospective patients of a snapshot, with their sites."""
    cases = FrozenCases.of(frozen.cases)
    places = People.everyone(frozen.study()).where(lambda row: row.enrolled).places
    return {(cases.sites[place], cases.names[place]): cases.sites[place] for place in places.tolist()}


def verify(work: Work, settings: Settings, report: Report) -> list[str]:
    """What differs when the report is built again from its snapshot; empty when every file is the same to the byte."""
    differences = []
    frozen = thaw(work, report)
    kept = {file.name: file for file in reports.files(work.session, report.id)}
    for name, file in kept.items():
        if hashlib.sha256(file.content).hexdigest() != file.sha256:
            differences.append(f"{name}: the stored file does not match its checksum")
    in_force = versions_in_force(settings)
    for what, version in frozen.versions.items():
        if in_force.get(what) != version:
            differences.append(f"version of {what}: built with {version}, here is {in_force.get(what)}")
    editions = published_before(work, frozen)
    files = files_of(frozen, editions)
    if any(name.startswith(FOLDER) for name in kept):
        document = assemble(frozen.study(), frozen.rows_hash)
        files += own_views(frozen, document, judge(document, frozen.threshold, editions))
    built = {file.name: hashlib.sha256(file.content).hexdigest() for file in files}
    for name in sorted(built.keys() | kept.keys()):
        if name not in built or name not in kept or built[name] != kept[name].sha256:
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
