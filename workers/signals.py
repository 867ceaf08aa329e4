"""What a worker does around its tasks: logging, the schema check, and the context of each message."""

import gc
import os
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog
from celery import signals
from celery.platforms import SecurityWarning
from sqlmodel import Session

from registry import logs, readiness
from registry.bus import CORRELATION_HEADER
from registry.errors import MpsError
from registry.pipeline.in_force import note_versions
from registry.settings import Settings
from registry.store.database import Work, create_engine, ensure_schema
from registry.store.roles import Role
from registry.store.vault import Vault
from registry.wiring import keyring
from workers.runtime import registry

log = structlog.get_logger()

COLLECT = (50_000, 20, 50)
"""When a worker looks for cycles: a chunk makes a hundred thousand objects, none of them in cycles; looking for them at
Python's defaults (700, 10, 10) takes a quarter of its time."""

YIELDING = 5
"""By how much a worker lets others go first (nice(2)): on a machine with everything on it a hospital that waits for an
answer comes before the verdicts, which nobody waits for at that moment. Alone on a machine it has all of it as ever."""

SESSION = Path("/proc/self/autogroup")
"""Where Linux shares the cores out by session (sched(7), "The autogroup feature"), nice(2) counts within one only, and a
worker that a supervisor started has one of its own: this is the nice value of all of it."""


@signals.setup_logging.connect
def set_up_logging(**_: Any) -> None:
    """Our logging; that a receiver is connected stops Celery from installing its own handlers."""
    logs.set_up(Settings())


@signals.celeryd_init.connect
def accept_root(**_: Any) -> None:
    """Celery warns of root because of pickled messages; ours are JSON with ids, and `accept_content` holds it."""
    warnings.filterwarnings("ignore", category=SecurityWarning)


@signals.worker_init.connect
def look_before_starting(**_: Any) -> None:
    """A worker that knows neither schema nor master key must not start; whoever supervises it starts it again. One that
    does notes which versions of the rules are in force from now on.

    SystemExit, because Celery only logs other exceptions of a receiver and goes on.
    """
    settings = Settings()
    if (url := settings.database_url) is None:
        return
    engine = create_engine(url.get_secret_value(), role=Role.WORKER, pool=1)
    try:
        ensure_schema(engine)
        Vault.open(engine, keyring(settings))
        with Work(Session(engine), lambda *_: True) as work:
            note_versions(work, settings)
    except MpsError as error:
        log.error("worker_refused", reason=str(error))
        raise SystemExit(error.exit_status) from error
    finally:
        engine.dispose()


@signals.worker_ready.connect
@signals.beat_init.connect
def tell_starter(**_: Any) -> None:
    """A worker reads its queues from now on, a beat rings."""
    readiness.tell()


@signals.worker_process_init.connect
def connect_after_fork(**_: Any) -> None:
    """Connections belong to one process; what was imported before the fork lives as long as the process."""
    let_others_go_first()
    gc.freeze()
    gc.set_threshold(*COLLECT)
    registry.cache_clear()
    registry()


def let_others_go_first() -> None:
    """Yield to other processes, and to other sessions where this one is the worker's own."""
    os.nice(YIELDING)
    if os.getsid(0) == os.getppid():
        with suppress(OSError):  # there is none, or another process of the worker has just set it
            SESSION.write_text(str(YIELDING))


@signals.task_prerun.connect
def bind_context(task_id: str, task: Any, **_: Any) -> None:
    """Bind what the log lines of this task share; the correlation id came with the message."""
    headers = task.request.headers or {}
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)
    correlation = getattr(task.request, CORRELATION_HEADER, None) or headers.get(CORRELATION_HEADER)
    if correlation:
        structlog.contextvars.bind_contextvars(correlation_id=correlation)


@signals.task_postrun.connect
def clear_context(**_: Any) -> None:
    """Leave nothing for the next task."""
    structlog.contextvars.clear_contextvars()
