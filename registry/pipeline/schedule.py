"""The schedule of reports: nightly, and once the registry was quiet after changes.

Beat only asks often. What is due is decided here, from the database: a missed run is caught up once, two beats do not
build twice, and unchanged input builds nothing.
"""

import time
from datetime import UTC, datetime, timedelta

import structlog

from registry.domain.report.document import Audience
from registry.errors import Conflict
from registry.pipeline.report import AUDIENCES, build
from registry.pipeline.report_life import lock, publish, the_report
from registry.settings import Settings
from registry.store import reports
from registry.store.database import OpenWork, Work
from registry.store.tables import Report

log = structlog.get_logger()

BETWEEN = 1.0
"""Seconds from one note of the progress to the next, at least."""
MOST_WAIT = 6
"""A steady stream of changes postpones the report to at most this many times the debounce."""


def build_due(open_work: OpenWork, settings: Settings) -> int:
    """Build what the schedule asks for: nightly, and once the registry was quiet after changes. Returns how many.

    Beat only asks often; what is due is decided here from the database, so a missed run is caught up once and two
    beats do not build twice.
    """
    with open_work() as work:
        period = due_period(work, settings)
        if period is None or not reports.claim_period(work.session, "report", period):
            return 0
    try:
        built = sum(_build(open_work, settings, period, audience) for audience in AUDIENCES)
    except Exception as why:
        with open_work() as work:
            reports.note_period(work.session, "report", period, f"failed: {why}")
        raise
    with open_work() as work:
        reports.end_period(work.session, "report", period, f"{built} built")
    return built


def _build(open_work: OpenWork, settings: Settings, period: str, audience: Audience) -> bool:
    """Build the report for an audience, and publish the public one; False where nothing had changed."""
    told = 0.0

    def tell(doing: str) -> None:
        """Show what is being done to whoever asks, in a transaction of its own and once in a while."""
        nonlocal told
        if time.monotonic() >= told + BETWEEN:
            told = time.monotonic()
            with open_work() as work:
                reports.note_period(work.session, "report", period, f"{audience} report: {doing}")

    with open_work() as work:
        report, new = build(work, settings, audience=audience, trigger=f"schedule:{period}", tell=tell)
    if new and audience == "public":
        tell("publishing")  # which judges it once more
        with open_work() as work:
            _publish(work, settings, the_report(work, report.number or 0))
    return new


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


def _publish(work: Work, settings: Settings, report: Report) -> None:
    """Lock and publish a scheduled public report where enough patients are new; otherwise leave it a draft."""
    try:
        with work.session.begin_nested():
            lock(work, report, actor="schedule", why="built on schedule")
            publish(work, settings, report, actor="schedule")
    except Conflict as conflict:
        log.info("report_not_published", report=str(report.id), why=str(conflict))
