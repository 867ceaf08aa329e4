"""Withdraw: carry out the withdrawals of use whose day has come, and undo those that were lifted.

Data sets leave a case out by the date in its row, whether this step has run or not. Here what follows is done: the case
is derived no more and its queries end, the reports that count it are flagged, and the trail says so. Locked and
published reports are never changed.
"""

from datetime import UTC

import structlog

from registry.pipeline.rederive import rederive
from registry.settings import Settings
from registry.store import events, withdrawals
from registry.store.database import Work

log = structlog.get_logger()


def withdraw(work: Work, settings: Settings) -> int:
    """Do what is due; returns how many withdrawals took effect. Twice is once."""
    today = work.now().astimezone(UTC).date()
    lifted = withdrawals.lift(work.session, today)
    new = withdrawals.notice(work.session, today)
    if new:
        rederive(work, settings, [row.case_id for row in new])
    flagged = withdrawals.flag_reports(work.session)
    happened = [
        events.happened(action, str(row.id), actor="registry", site_id=row.site_id, level=row.level)
        for action, rows in (("withdrawal.lifted", lifted), ("withdrawal.in_force", new))
        for row in rows
    ]
    happened += [
        events.happened("report.flagged", str(row.report_id), actor="registry", withdrawal=row.withdrawal_id)
        for row in flagged
    ]
    events.add(work.session, happened)
    if new or lifted:
        log.info("withdrawals", in_force=len(new), lifted=len(lifted), reports_flagged=len(flagged))
    return len(new)
