"""Report: from a snapshot to rendered files.

A report is a function of its snapshot and of the versions in force. The same input is the same report and is not built
again. A section that fails names itself, and the last good report stays in place.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import structlog

from registry.domain.disclosure import protect
from registry.domain.disclosure.series import Edition
from registry.domain.report.assemble import Tell, assemble, untold
from registry.domain.report.document import Audience
from registry.ids import new_id
from registry.pipeline.edition_bytes import unpack
from registry.pipeline.frozen_cases import FrozenCases
from registry.pipeline.snapshot import Frozen
from registry.pipeline.study import take_snapshot
from registry.render.files import RenderedFile, render
from registry.settings import Settings
from registry.store import events, reports
from registry.store.database import Work
from registry.store.tables import Report, ReportFile

log = structlog.get_logger()

AUDIENCES: tuple[Audience, ...] = ("staff", "public")


def build(
    work: Work,
    settings: Settings,
    *,
    audience: Audience,
    trigger: str,
    cutoff: date | None = None,
    as_of: datetime | None = None,
    tell: Tell = untold,
) -> tuple[Report, bool]:
    """The report of this input, and whether it had to be built."""
    now = work.now()
    until = cutoff or (as_of or now).date()
    frozen = take_snapshot(work, settings, cutoff=until, as_of=as_of or now, audience=audience, tell=tell)
    pinned = cutoff is not None or as_of is not None
    input_hash = frozen.input_hash(pinned=pinned)
    reports.lock_input(work.session, input_hash)  # the schedule and a person may ask at the same moment
    known = reports.same_input(work.session, audience, input_hash) or _in_force(work, frozen, pinned)
    if known is not None:
        return known, False
    reports.keep_snapshot(work.session, input_hash, frozen.freeze(), FrozenCases.of(frozen.cases).ids)
    report = Report(
        id=new_id(),
        audience=audience,
        cutoff=frozen.cutoff,
        as_of=frozen.as_of,
        input_hash=input_hash,
        versions=dict(frozen.versions),
        cases=len(frozen.cases),
        trigger=trigger,
        history=[],
    )
    work.session.add(report)
    work.session.flush()
    for file in files_of(frozen, published_before(work, frozen), tell):
        work.session.add(stored(report, file))
    events.add(
        work.session,
        [events.happened("report.built", str(report.id), actor=trigger, audience=audience, input=input_hash)],
    )
    work.session.refresh(report)  # its number comes from the database
    log.info(
        "report_built", report=str(report.id), number=report.number, audience=audience, cases=report.cases
    )
    return report, True


def _in_force(work: Work, frozen: Frozen, pinned: bool) -> Report | None:
    """The published report, where this input is its own: it was judged beside all editions but itself."""
    if not frozen.editions:
        return None
    *before, last = frozen.editions
    same = replace(frozen, editions=tuple(before)).input_hash(pinned=pinned) == last
    return reports.same_input(work.session, frozen.audience, last) if same else None


def published_before(work: Work, frozen: Frozen) -> list[Edition]:
    """What the public reports before it let their readers know."""
    return [unpack(content) for content in reports.editions(work.session, frozen.editions)]


def stored(report: Report, file: RenderedFile) -> ReportFile:
    """The file as a row of the report."""
    return ReportFile(
        report_id=report.id,
        name=file.name,
        media_type=file.media_type,
        content=file.content,
        sha256=hashlib.sha256(file.content).hexdigest(),
    )


def files_of(frozen: Frozen, editions: Sequence[Edition] = (), tell: Tell = untold) -> list[RenderedFile]:
    """The files of a report: a pure function of its snapshot, of what was published before, and of this code."""
    document = assemble(frozen.study(), frozen.rows_hash, tell=tell)
    tell("protecting its patients")
    protected = protect(document, frozen.threshold, editions)
    tell("drawing")
    return render(protected)
