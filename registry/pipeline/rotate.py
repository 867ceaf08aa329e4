"""Rotate: wrap every data key anew under the master key in force, while the registry works on.

What is sealed stays as it is; only the keys' wrapping changes, some hundred at a time. Interrupted, some are under the
one master key and some under the other; all can be read with both at hand, and the next run does the rest.
"""

from collections.abc import Callable

from registry.store import events, rotation
from registry.store.database import OpenWork, Work

PORTION = 500


def rotate(open_work: OpenWork, *, actor: str, advance: Callable[[int], None] = lambda count: None) -> int:
    """Wrap all keys under the first master key; returns how many were under another one."""
    with open_work() as work:
        done = rotation.rewrap_name_key(work.session, work.keys.vault)
    while True:
        with open_work() as work:
            count = rotation.rewrap(work.session, work.keys.vault, PORTION)
        done += count
        advance(count)
        if count < PORTION:
            break
    if done:
        with open_work() as work:
            _note(work, done, actor)
    return done


def _note(work: Work, count: int, actor: str) -> None:
    master = work.keys.vault.keyring.first.id
    events.add(work.session, [events.happened("master_key.rotated", master, actor=actor, keys=count)])
