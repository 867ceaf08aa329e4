"""The bus: names of the tasks, their queues, the Celery object, and how a task is rung.

The queue is a doorbell and the row is the truth: messages carry ids only, never clinical data, and a message that is
lost, repeated or late changes nothing but the time it takes. Message shapes only grow: workers of the previous version
must understand the messages of the next.
"""

import socket
from enum import StrEnum
from typing import Any

import structlog
from celery import Celery
from kombu.entity import Queue

from registry.settings import Settings

log = structlog.get_logger()


class Task(StrEnum):
    """Every task, by the name under which it is rung."""

    PROCESS = "mps.process"  # (ids): check and accept these submissions
    PROCESS_BULK = "mps.process_bulk"  # (ids): the same for bulk uploads, which wait behind single ones
    DERIVE = "mps.derive"  # (case ids): derive these cases anew
    REPORT = "mps.report"  # (): build what is due
    SWEEP = "mps.sweep"  # (): ring again for submissions that have not moved
    SEAL = "mps.seal"  # (): chain the new audit events
    WITHDRAW = "mps.withdraw"  # (): carry out the withdrawals whose day has come
    TELL = "mps.tell"  # (): send the sites the messages that are due


QUEUES = {
    Task.PROCESS: "intake",
    Task.PROCESS_BULK: "bulk",
    Task.DERIVE: "bulk",
    Task.REPORT: "reports",
    Task.SWEEP: "upkeep",
    Task.SEAL: "upkeep",
    Task.WITHDRAW: "upkeep",
    Task.TELL: "reports",  # it waits for other people's systems: never before a submission
}

PRIORITY = ("upkeep", "intake", "reports", "bulk")
"""Queues in the order in which a worker looks at them: a single submission overtakes a bulk load, and nothing keeps
the sweeper from its work, which is short and rare."""

TCP_KEEPIDLE = getattr(socket, "TCP_KEEPIDLE", 0x10)  # macOS calls it TCP_KEEPALIVE

CORRELATION_HEADER = "mps_correlation_id"

celery = Celery("mps", set_as_current=False)


def configure(settings: Settings, broker_url: str) -> None:
    """Point the Celery object at its broker; called once by each producing process, never at import."""
    celery.conf.update(configuration(settings, broker_url))


def configuration(settings: Settings, broker_url: str) -> dict[str, Any]:
    """Celery's configuration, with the reason for each choice that is not obvious."""
    return {
        "broker_url": broker_url,
        "task_ignore_result": True,  # outcomes are rows
        "task_routes": {str(task): {"queue": queue} for task, queue in QUEUES.items()},
        "task_queues": [Queue(name) for name in PRIORITY],
        "task_serializer": "json",
        "accept_content": ["json"],
        "worker_prefetch_multiplier": 1,
        "worker_concurrency": settings.worker_processes,
        "worker_hijack_root_logger": False,
        "worker_soft_shutdown_timeout": 20,
        "worker_max_memory_per_child": 400_000,  # KiB
        "task_soft_time_limit": 240,
        "task_time_limit": 300,
        # With ack emulation a worker can hang for ever after Redis restarts under load (a failed ack keeps its
        # prefetch credit). Without it the message leaves the list when it is read; the row and the sweeper carry the
        # guarantee, so nothing is given up. The queues are read in the order of PRIORITY.
        "broker_transport_options": {
            "ack_emulation": False,
            "queue_order_strategy": "priority",
            "socket_connect_timeout": 2,
            "socket_timeout": 30,
            "socket_keepalive": True,  # so that a worker notices that a server was cut off
            "socket_keepalive_options": {
                TCP_KEEPIDLE: 10,
                socket.TCP_KEEPINTVL: 5,
                socket.TCP_KEEPCNT: 3,
            },
            # One quick retry: a hospital's request must not wait for the queue, and kombu would try for two seconds.
            "max_retries": 1,
            "interval_start": 0,
            "interval_step": 0,
            "interval_max": 0,
        },
        "broker_connection_retry_on_startup": True,
        "broker_connection_timeout": 2,
        "timezone": "UTC",
        "enable_utc": True,
        "beat_max_loop_interval": 5,
        "beat_scheduler": "celery.beat:Scheduler",  # keeps no file: the database knows what ran when
        "task_annotations": {
            str(task): {
                "soft_time_limit": settings.chunk_seconds,
                "time_limit": settings.chunk_seconds + max(1, settings.chunk_seconds // 3),
            }
            for task in (Task.PROCESS, Task.PROCESS_BULK)
        },
    }


def publish(task: str, args: tuple[Any, ...]) -> bool:
    """Ring a task; False when that failed, mostly because the broker is away.

    Whatever it was is logged and never raised: the row is committed and the sweeper rings again.
    """
    correlation = structlog.contextvars.get_contextvars().get("correlation_id")
    try:
        celery.send_task(
            str(task),
            args=args,
            headers={CORRELATION_HEADER: correlation} if correlation else None,
            queue=QUEUES[Task(task)],
            retry=False,
        )
    except Exception as error:  # noqa: BLE001
        log.warning("ring_failed", task=str(task), error=type(error).__name__)
        return False
    return True
