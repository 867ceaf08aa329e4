"""Several machines on one: a network namespace each, with its own address, on a switch; a cable can be pulled."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NET = "10.203.17"
CLONE_NEWNET = 0x40000000  # linux/sched.h

Command = Sequence[str]


def possible() -> bool:
    """Whether this process may make network namespaces."""
    if os.geteuid() != 0 or shutil.which("ip") is None or shutil.which("setpriv") is None:
        return False
    name = f"mps{os.getpid()}try"
    made = subprocess.run(("ip", "netns", "add", name), capture_output=True, check=False).returncode == 0
    if made:
        subprocess.run(("ip", "netns", "delete", name), check=True)
    return made


@dataclass
class Machine:
    """One host: its namespace, its address, and what runs on it."""

    name: str
    namespace: str
    address: str
    switch: str
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def run(self, command: Command, log: Path, **environment: str) -> None:
        """Keep a program running here, as an init system does: started again a second after it ends."""
        loop = 'while :; do "$@" & echo ended $?; wait $!; sleep 1; done'
        with log.open("ab") as out:
            self.running.append(
                subprocess.Popen(
                    ("ip", "netns", "exec", self.namespace, "sh", "-c", loop, "sh", *command),
                    env={"PATH": os.environ["PATH"], **environment},
                    stdout=out,
                    stderr=out,
                    start_new_session=True,
                )
            )

    def cable(self, state: str) -> None:
        """Pull its cable (``down``) or put it back (``up``): packets vanish, and nobody is told."""
        _ip("-n", self.switch, "link", "set", self.name, state)

    def as_inhabitant(self, act: Callable[[], Any]) -> threading.Thread:
        """A thread that lives on this machine: the sockets it opens are of this machine."""

        def inside() -> None:
            libc = ctypes.CDLL(None, use_errno=True)
            with open(f"/run/netns/{self.namespace}") as namespace:
                if libc.setns(namespace.fileno(), CLONE_NEWNET):
                    raise OSError(ctypes.get_errno(), "setns")
            act()

        thread = threading.Thread(target=inside)
        thread.start()
        return thread

    def stop(self) -> None:
        """End what runs here."""
        for one in self.running:
            os.killpg(one.pid, signal.SIGKILL)
            one.wait()


def as_account(uid: int, gid: int, command: Command) -> Command:
    """The command, run as another account."""
    return ("setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", *command)


@contextmanager
def network(*names: str) -> Iterator[dict[str, Machine]]:
    """So many machines on a switch for the length of a block; nothing is left of them."""
    prefix = f"mps{os.getpid()}"
    switch = f"{prefix}switch"
    with ExitStack() as stack:
        stack.enter_context(_namespace(switch))
        _ip("-n", switch, "link", "add", "bridge", "type", "bridge")
        _ip("-n", switch, "link", "set", "bridge", "up")
        machines = {}
        for number, name in enumerate(names, 1):
            one = Machine(name, f"{prefix}{name}", f"{NET}.{number}", switch)
            stack.enter_context(_namespace(one.namespace))
            _ip(
                "-n",
                switch,
                "link",
                "add",
                name,
                "type",
                "veth",
                "peer",
                "name",
                "eth",
                "netns",
                one.namespace,
            )
            _ip("-n", switch, "link", "set", name, "master", "bridge", "up")
            _ip("-n", one.namespace, "address", "add", f"{one.address}/24", "dev", "eth")
            for device in ("lo", "eth"):
                _ip("-n", one.namespace, "link", "set", device, "up")
            stack.callback(one.stop)
            machines[name] = one
        yield machines


@contextmanager
def _namespace(name: str) -> Iterator[None]:
    _ip("netns", "add", name)
    try:
        yield
    finally:
        _ip("netns", "delete", name)


def _ip(*words: str) -> None:
    subprocess.run(("ip", *words), check=True)


PYTHON = (sys.executable, "-m")
