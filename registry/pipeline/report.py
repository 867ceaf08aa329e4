"""Report: from a snapshot to published files, on request and on schedule.

A report is a function of its snapshot and of the versions in force. The same input is the same report and is not built
again. A section that fails names itself, and the last good report stays in place.
"""

import hashlib
from datetime import UTC, date, datetime, timedelta

import structlog

from registry.domain.disclosure import protect
from registry.domain.report.assemble import assemble
from registry.domain.report.document import Audience
from registry.ids import new_id
from registry.pipeline.chunk import OpenWork
from registry.pipeline.study import take_snapshot
from registry.render.files import render
from registry.settings import Settings
from registry.store import events, reports
from registry.store.database import Work
from registry.store.tables import Report, ReportFile

log = structlog.get_logger()

AUDIENCES: tuple[Audience, ...] = ("staff", "public")
MOST_WAIT = 6
"""A steady stream of changes postpones the report to at most this many times the debounce."""


def build(
    work: Work,
    settings: Settings,
    *,
    audience: Audience,
    trigger: str,
    cutoff: date | None = None,
    as_of: datetime | None = None,
) -> tuple[Report, bool]:
    """The report of this input, and whether it had to be built."""
    now = work.now()
    snapshot = take_snapshot(
        work,
        settings,
        cutoff=cutoff or (as_of or now).date(),
        as_of=as_of or now,
        audience=audience,
        pinned=cutoff is not None or as_of is not None,
    )
    known = reports.same_input(work.session, audience, snapshot.input_hash)
    if known is not None:
        return known, False
    study = snapshot.study
    document = protect(assemble(study, snapshot.hash), study.threshold)
    report = Report(
        id=new_id(),
        audience=audience,
        cutoff=study.cutoff,
        as_of=study.as_of,
        input_hash=snapshot.input_hash,
        versions=dict(study.versions),
        cases=len(study.rows),
        trigger=trigger,
    )
    work.session.add(report)
    work.session.flush()
    for file in render(document):
        work.session.add(
            ReportFile(
                report_id=report.id,
                name=file.name,
                media_type=file.media_type,
                content=file.content,
                sha256=hashlib.sha256(file.content).hexdigest(),
            )
        )
    events.add(
        work.session,
        [
            events.happened(
                "report.built", str(report.id), actor=trigger, audience=audience, input=snapshot.input_hash
            )
        ],
    )
    work.session.refresh(report)  # its number comes from the database
    log.info(
        "report_built", report=str(report.id), number=report.number, audience=audience, cases=report.cases
    )
    return report, True


def build_due(open_work: OpenWork, settings: Settings) -> int:
    """Build what the schedule asks for: nightly, and once the registry was quiet after changes. Returns how many.

    Beat only asks often; what is due is decided here from the database, so a missed run is caught up once and two
    beats do not build twice.
    """
    with open_work() as work:
        period = due_period(work, settings)
        if period is None or not reports.claim_period(work.session, "report", period):
            return 0
    built = 0
    for audience in AUDIENCES:
        with open_work() as work:
            built += build(work, settings, audience=audience, trigger=f"schedule:{period}")[1]
    with open_work() as work:
        reports.end_period(work.session, "report", period, f"{built} built")
    return built


def due_period(work: Work, settings: Settings) -> str | None:
    """The name of the run that is due now, or None."""
    now = work.now()
    night = now.astimezone(UTC) - timedelta(hours=settings.report_nightly_hour)
    newest = reports.newest(work.session)
    due_at = night.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(
        hours=settings.report_nightly_hour
    )
    if newest is not None and newest < due_at:
        nightly = f"night {night.date().isoformat()}"
        if not reports.period_done(work.session, "report", nightly):
            return nightly
    changes = reports.changes_since(work.session, newest or datetime(2000, 1, 1, tzinfo=UTC))
    if changes.last is None:
        return None
    quiet = timedelta(seconds=settings.report_debounce_seconds)
    if now - changes.last >= quiet or now - changes.first_since >= quiet * MOST_WAIT:
        return f"change {changes.last.isoformat()}"
    return None
