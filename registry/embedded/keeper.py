"""The keeper: a child process that holds both servers for exactly as long as its owner lives.

It stands in its own session, so that Ctrl-C in a terminal reaches the owner only and the servers stop after their
clients. It learns of the owner's end, kill -9 included, from the closed pipe on its standard input. If the keeper
itself is killed, the kernel ends the servers (Linux). It answers the owner with one line of JSON: the addresses or an
error. Started by `owner.start` as `python -m registry.embedded.keeper DATA_DIR OWNER_PID`.
"""

import json
import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen, TimeoutExpired
from typing import Any, NoReturn

from registry.embedded import account, folder, postgres, valkey
from registry.embedded.launcher import Launcher, Program, installed
from registry.embedded.servers import AlreadyRunning, EmbeddedError

STOPS_WITHIN = 20.0
"""Seconds a server may take to stop in good order before it is killed."""

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Child:
    """A server that runs, and is started again if it dies."""

    def __init__(self, program: Program, launcher: Launcher) -> None:
        self.program = program
        self.launcher = launcher
        self.process = self._spawn()

    def _spawn(self) -> Popen[bytes]:
        return self.launcher.spawn(self.program.name, self.program.argv, self.program.stop)

    def ready(self) -> bool:
        """Whether it answers."""
        return self.program.ready(self.process.pid)

    def mend(self) -> None:
        """Start it again if it died, as often as it takes: a full disk is freed some day, and then it comes back."""
        if self.process.poll() is not None:
            self.process = self._spawn()

    def stop(self) -> None:
        """Wait for its end, which has been asked for."""
        try:
            self.process.wait(STOPS_WITHIN)
        except TimeoutExpired:
            self.process.kill()
            self.process.wait()


def main() -> None:
    """Keep servers in the folder of the first argument until the process of the second one is gone."""
    data_dir, owner = Path(sys.argv[1]), int(sys.argv[2])
    os.umask(0o077)
    for number in SIGNALS:
        signal.signal(number, lambda *_: leave())
    try:
        keep(data_dir, owner)
    except AlreadyRunning as error:
        tell(already_running=True, error=str(error))
    except EmbeddedError as error:
        tell(error=str(error))
        raise
    except Exception as error:
        tell(error=f"The servers of {data_dir} could not be started: {error}")
        raise


def keep(data_dir: Path, owner: int) -> NoReturn:
    """Start both servers, tell the owner, and start again what dies; leaves by SystemExit when the owner is gone."""

    def pause(seconds: float) -> None:
        # A fork of the owner may still hold the pipe; then the parent's id tells.
        if select.select([sys.stdin], [], [], seconds)[0] or os.getppid() != owner:
            leave()

    own = account.for_servers()
    launcher = Launcher(data_dir, folder.lock(data_dir, pause), own, pause)
    if own:
        own.let_through_to(data_dir / "postgres")
        own.let_use(installed(postgres.PACKAGE))
        own.let_use(installed(valkey.PACKAGE))
    postgres.prepare(data_dir / "postgres", launcher)
    valkey.prepare(data_dir / "valkey", launcher)
    with folder.private_run_dir(own) as run_dir:
        programs = (
            postgres.program(data_dir / "postgres", run_dir),
            valkey.program(data_dir / "valkey", run_dir),
        )
        record = folder.Record(postgres.url(run_dir), valkey.url(run_dir), owner, os.getpid(), str(run_dir))
        with running(programs, launcher) as children, folder.recorded(data_dir, record):
            tell(database_url=record.database_url, redis_url=record.redis_url)
            while True:
                pause(0.5)
                for child in children:
                    child.mend()


@contextmanager
def running(programs: tuple[Program, ...], launcher: Launcher) -> Iterator[list[Child]]:
    """The servers, ready, for the length of the block."""
    children: list[Child] = []
    try:
        for program in programs:
            children.append(Child(program, launcher))
        for child in children:
            launcher.wait(child.process, child.program.name, child.ready)
        yield children
    finally:
        for child in children:
            child.process.send_signal(child.program.stop)
        for child in children:
            child.stop()


def leave() -> NoReturn:
    """End in good order; no further signal disturbs it."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    sys.exit()


def tell(**answer: Any) -> None:
    """Answer the owner; one that is gone by now does not matter."""
    try:
        os.write(sys.stdout.fileno(), json.dumps(answer).encode() + b"\n")
    except BrokenPipeError:
        leave()


if __name__ == "__main__":
    main()
