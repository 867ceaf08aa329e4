"""The tasks: open a unit of work, call the step, done. Each may run twice; the step looks at the state it finds.

Each takes arguments that it does not know and leaves them alone: workers of this version must understand the messages
of the next, which may say more.
"""

from typing import Any
from uuid import UUID

from registry.bus import Task, celery
from registry.pipeline.chunk import run_chunk
from registry.pipeline.rederive import rederive
from registry.pipeline.schedule import build_due
from registry.pipeline.seal import seal
from registry.pipeline.sweep import sweep
from registry.pipeline.turns import finish
from registry.pipeline.webhooks import deliver_due
from registry.pipeline.withdraw import withdraw
from workers.guarded import Guarded
from workers.runtime import registry


@celery.task(name=Task.PROCESS, base=Guarded)
def process(ids: list[str], *_: Any, **__: Any) -> None:
    """Decide submissions that came one by one."""
    run_chunk(registry().work, registry().settings, [UUID(one) for one in ids])


@celery.task(name=Task.PROCESS_BULK, base=Guarded)
def process_bulk(ids: list[str], *_: Any, **__: Any) -> None:
    """Decide submissions of a bulk upload, and ring for the site's next."""
    chunk = [UUID(one) for one in ids]
    run_chunk(registry().work, registry().settings, chunk)
    finish(registry().work, registry().settings, chunk)


@celery.task(name=Task.DERIVE, base=Guarded)
def derive(case_ids: list[int], *_: Any, **__: Any) -> None:
    """Check and derive cases anew."""
    with registry().work() as work:
        rederive(work, registry().settings, case_ids)


@celery.task(name=Task.REPORT, base=Guarded)
def report(*_: Any, **__: Any) -> None:
    """Build the reports that are due."""
    build_due(registry().work, registry().settings)


@celery.task(name=Task.SWEEP, base=Guarded)
def sweep_waiting(*_: Any, **__: Any) -> None:
    """Ring again for submissions that have not moved."""
    queued = registry().queued()
    with registry().work() as work:
        sweep(work, registry().settings, queued=queued)


@celery.task(name=Task.SEAL, base=Guarded)
def seal_events(*_: Any, **__: Any) -> None:
    """Chain the new audit events."""
    with registry().work() as work:
        seal(work)


@celery.task(name=Task.WITHDRAW, base=Guarded)
def carry_out_withdrawals() -> None:
    """Carry out the withdrawals whose day has come."""
    with registry().work() as work:
        withdraw(work, registry().settings)


@celery.task(name=Task.TELL, base=Guarded)
def tell_sites(*_: Any, **__: Any) -> None:
    """Send the sites the messages that are due."""
    deliver_due(registry().work, registry().settings)
