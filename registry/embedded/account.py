"""The account of the embedded servers where their owner is root: PostgreSQL refuses to run as root, rightly."""

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from registry.embedded.servers import EmbeddedError

NAME = "mps-servers"


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged system account."""

    uid: int
    gid: int

    def give(self, folder: Path) -> None:
        """Make the folder and all in it this account's, if it is not already (a volume from another machine)."""
        if folder.stat().st_uid == self.uid:
            return
        for path in (*folder.rglob("*"), folder):  # the folder last: an interrupted change is made again
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def let_through_to(self, path: Path) -> None:
        """Let this account reach the path: every folder above it gets the right to be passed, not to be listed.

        The narrowest change that works, needed only where such a folder is closed to others (/root, mostly).
        """
        for folder in path.parents:
            _allow(folder, stat.S_IXOTH)

    def let_use(self, package: Path) -> None:
        """Let this account run the programs of an installed package, even one installed under a strict umask."""
        self.let_through_to(package)
        libraries = package.with_name(f"{package.name}.libs")  # where wheels put the ones they bring along
        for tree in (package, libraries):
            if tree.exists() and not tree.stat().st_mode & stat.S_IXOTH:
                for path in (*tree.rglob("*"), tree):  # the tree last: an interrupted change is made again
                    runs = path.stat().st_mode & stat.S_IXUSR
                    _allow(path, stat.S_IROTH | (stat.S_IXOTH if runs else 0))


def for_servers() -> Account | None:
    """The account to run the servers as: None (one's own) unless one is root; it is made when first needed."""
    if os.geteuid() != 0:
        return None
    complaint = ""
    for _ in range(50):  # useradd fails while another start runs it at the same moment
        try:
            entry = pwd.getpwnam(NAME)
        except KeyError:
            complaint = _make()
        else:
            return Account(entry.pw_uid, entry.pw_gid)
        sleep(0.1)
    raise EmbeddedError(
        f"PostgreSQL does not run as root and the account {NAME} could not be made for it ({complaint}). "
        f"Run as an ordinary user, or make a system account of that name."
    )


def _make() -> str:
    """Make the account; returns what useradd complained about."""
    command = (
        "useradd",
        "--system",
        "--user-group",
        "--no-create-home",
        "--shell",
        "/usr/sbin/nologin",
        NAME,
    )
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stderr.strip()
    except FileNotFoundError:
        return "there is no useradd"


def _allow(path: Path, rights: int) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & rights != rights:
        path.chmod(mode | rights)
