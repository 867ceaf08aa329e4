"""The Celery application: ``celery -A workers.app worker`` and ``celery -A workers.app beat``.

Nothing is read at import: Celery asks for the configuration at its first use.
"""

from typing import Any

from registry.bus import celery, configuration
from registry.settings import Settings
from registry.wiring import named_servers
from workers import signals, tasks
from workers.schedule import schedule

__all__ = ("app", "signals", "tasks")

app = celery


@app.add_defaults
def defaults() -> dict[str, Any]:
    """The configuration of a worker or a beat, from the settings of its process."""
    settings = Settings()
    return configuration(settings, named_servers(settings).broker_url) | {"beat_schedule": schedule(settings)}
