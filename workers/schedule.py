"""The beat schedule. Every job is idempotent by rows in the database, so two beats are harmless."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from celery.schedules import schedule as every

from registry.bus import QUEUES, Task
from registry.settings import Settings


def steady_now() -> datetime:
    """A time that only goes on: a machine whose clock is set back must not stop ringing until it has caught up."""
    return datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=time.monotonic())


def schedule(settings: Settings) -> dict[str, Any]:
    """What beat rings and how often, in seconds."""
    seconds = {
        Task.SWEEP: settings.sweep_every_seconds,
        Task.SEAL: settings.seal_every_seconds,
        Task.WITHDRAW: settings.withdraw_every_seconds,
        Task.REPORT: settings.report_check_seconds,
        Task.TELL: settings.webhook_every_seconds,
    }
    return {
        str(task): {
            "task": str(task),
            "schedule": every(period, nowfun=steady_now),
            "options": {"queue": QUEUES[task]},
        }
        for task, period in seconds.items()
    }
