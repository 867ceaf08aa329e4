"""The beat schedule. Every job is idempotent by rows in the database, so two beats are harmless."""

from typing import Any

from registry.bus import QUEUES, Task
from registry.settings import Settings


def schedule(settings: Settings) -> dict[str, Any]:
    """What beat rings and how often, in seconds. A tick older than its own period is not worth running."""
    every = {
        Task.SWEEP: settings.sweep_every_seconds,
        Task.SEAL: settings.seal_every_seconds,
        Task.WITHDRAW: settings.withdraw_every_seconds,
        Task.REPORT: settings.report_check_seconds,
        Task.TELL: settings.webhook_every_seconds,
    }
    return {
        str(task): {"task": str(task), "schedule": seconds, "options": {"queue": QUEUES[task]}}
        for task, seconds in every.items()
    }
