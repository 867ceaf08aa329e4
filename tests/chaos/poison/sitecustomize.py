"""Poison for the workers of a registry under test: a submission about a case named POISON-... breaks its process.

Python runs this file at its start where the tests put this folder on PYTHONPATH; the registry knows nothing of it. It
stands between the worker and the function that reads a submission. Once the file MPS_TEST_ANTIDOTE is there it does nothing.
"""

import importlib.machinery
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

MODULE, FUNCTION = "registry.domain.reading", "read_submission"


def _hang() -> None:
    while True:
        time.sleep(0.05)


def _hang_deaf() -> None:
    """As code outside of Python does, a regular expression for one: no signal but the last one reaches it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    _hang()


def _raise(error: Exception) -> None:
    raise error


ACTIONS: dict[str, Callable[[], None]] = {
    "POISON-RAISE": lambda: _raise(RuntimeError("poison")),
    "POISON-OTHER": lambda: _raise(ArithmeticError("poison")),
    "POISON-HANG": _hang,
    "POISON-DEAF": _hang_deaf,
    "POISON-KILL": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "POISON-EXIT": lambda: os._exit(3),
}


class Finder:
    """Wraps the function when its module is loaded."""

    @classmethod
    def find_spec(cls, name: str, path: Any, _target: Any = None) -> Any:
        """The usual spec, whose loader wraps the function."""
        if name != MODULE:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        assert spec is not None
        assert spec.loader is not None
        load = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            load(module)
            original = getattr(module, FUNCTION)

            def poisoned(parsed: Any, *more: Any, **named: Any) -> Any:
                case = str(parsed.get("case", "")) if isinstance(parsed, dict) else ""
                for prefix, action in ACTIONS.items():
                    if case.startswith(prefix) and not os.path.exists(os.environ["MPS_TEST_ANTIDOTE"]):
                        action()
                return original(parsed, *more, **named)

            setattr(module, FUNCTION, poisoned)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


if "worker" in sys.orig_argv:
    sys.meta_path.insert(0, Finder)  # type: ignore[arg-type]
