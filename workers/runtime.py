"""The registry of this worker process, made after the fork: connections must not be shared between processes."""

from functools import lru_cache

from registry.settings import Settings
from registry.store.roles import Role
from registry.wiring import Registry, connect


@lru_cache(maxsize=1)
def registry() -> Registry:
    """The registry as this process sees it; made at first use."""
    return connect(Settings(), Role.WORKER, pool=2)
