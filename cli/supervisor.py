"""Keep the registry's processes running: start them, start again what ends, renew them one by one, stop all together.

SIGUSR2 renews: each process is replaced by a new one that is ready before the old one is asked to end, so that a new
version takes over under load and nobody notices.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from registry import readiness

PR_SET_PDEATHSIG = 1  # linux/prctl.h
STOP_WITHIN = 40.0
"""Seconds: a worker may finish its chunk."""

READY_WITHIN = 60.0
"""Seconds a new process may take until it is ready to take the place of the old one."""


@dataclass
class Child:
    """One process that is kept running.

    passed  descriptors that it inherits
    died    times of its ends, for the pause before the next start
    """

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str]
    passed: tuple[int, ...]
    process: subprocess.Popen[bytes]
    died: list[float] = field(default_factory=list)
    again_at: float | None = None


@dataclass
class Supervisor:
    """The processes and their environment."""

    environment: Mapping[str, str]
    tell: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    renewal_asked: bool = False

    def start(self, name: str, *argv: str, **variables: str | int) -> Child:
        """Start a Python module and keep it running; ``variables`` of its environment are its own.

        A number among them is a descriptor that it inherits.
        """
        environment = {**self.environment, **{key: str(value) for key, value in variables.items()}}
        passed = tuple(value for value in variables.values() if isinstance(value, int))
        child = Child(name, argv, environment, passed, self._spawn(argv, environment, passed))
        self.children.append(child)
        return child

    def watch(self, seconds: float) -> None:
        """Look after the children for a while; start again those that ended, slower each time they end at once."""
        deadline = time.monotonic() + seconds
        while (now := time.monotonic()) < deadline:
            for child in self.children:
                self._look_after(child, now)
            if self.renewal_asked:
                self.renewal_asked = False
                self.renew()
            time.sleep(min(0.2, max(0.0, deadline - now)))

    def renew(self) -> None:
        """Replace each process, in the order of their start; one whose successor is not ready in time stays."""
        for child in self.children:
            reading, writing = os.pipe()
            environment = {**child.environment, readiness.VARIABLE: str(writing)}
            new = self._spawn(child.argv, environment, (*child.passed, writing))
            os.close(writing)
            ready = select.select([reading], [], [], READY_WITHIN)[0] and os.read(reading, 1)
            os.close(reading)
            old, child.process = (child.process, new) if ready else (new, child.process)
            child.again_at = None
            self.tell(
                f"{child.name} renewed" if ready else f"{child.name}: the new one failed, the old one stays"
            )
            old.terminate()
            try:
                old.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                old.kill()
                old.wait()

    def stop(self) -> None:
        """Ask all to end, in reverse order of their start; kill what does not end in time."""
        for child in reversed(self.children):
            if child.process.poll() is None:
                child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN
        for child in reversed(self.children):
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()

    def _look_after(self, child: Child, now: float) -> None:
        if child.process.poll() is None:
            return
        if child.again_at is None:
            child.died = [t for t in child.died if now - t < 60] + [now]
            pause = min(2.0 ** (len(child.died) - 1) * 0.2, 10.0)
            self.tell(f"{child.name} ended with status {child.process.returncode}; starting it again")
            child.again_at = now + pause
        elif now >= child.again_at:
            child.process = self._spawn(child.argv, child.environment, child.passed)
            child.again_at = None

    def _spawn(
        self, argv: Sequence[str], environment: Mapping[str, str], passed: tuple[int, ...]
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", *argv],
            env=dict(environment),
            pass_fds=passed,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which then stops the others in order
            preexec_fn=_end_with_this_process() if sys.platform == "linux" else None,  # noqa: PLW1509
        )


def _end_with_this_process() -> Callable[[], None]:
    """So that a supervisor killed with -9 leaves no process behind (Linux)."""
    libc, parent = ctypes.CDLL(None), os.getpid()

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGTERM))
        if os.getppid() != parent:
            os._exit(1)

    return arrange


@contextmanager
def supervised(environment: Mapping[str, str], tell: Callable[[str], None]) -> Iterator[Supervisor]:
    """A supervisor whose processes end with the block, also on SIGTERM."""
    supervisor = Supervisor(environment, tell)
    # Also SIGINT: a shell starts its background jobs with it ignored, and Python then leaves it so.
    before = {one: signal.signal(one, _as_interrupt) for one in (signal.SIGINT, signal.SIGTERM)}

    def ask_for_renewal(*_: object) -> None:
        supervisor.renewal_asked = True

    before[signal.SIGUSR2] = signal.signal(signal.SIGUSR2, ask_for_renewal)
    try:
        yield supervisor
    finally:
        for one in before:
            signal.signal(one, signal.SIG_IGN)  # a second Ctrl-C must not leave processes behind
        supervisor.stop()
        for one, handler in before.items():
            signal.signal(one, handler)


def _as_interrupt(*_: object) -> None:
    raise KeyboardInterrupt
