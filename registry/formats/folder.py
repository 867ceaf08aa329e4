"""The folder an export is written to, with its manifest: every file with its size and SHA-256.

The manifest is written last, so that a folder with a manifest is complete. Its list of files is kept on disk while the
export runs, because an export may have a file for each case.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import orjson

MANIFEST = "manifest.json"


class Folder:
    """A folder that is being filled; ``finish`` makes it complete."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        (path / MANIFEST).unlink(missing_ok=True)
        self._entries = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `finish`
        self.files = 0
        self.bytes = 0

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """A new file of the export, open for writing, reading and seeking; it is entered in the manifest."""
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w+b", buffering=1 << 16) as opened:
            yield opened
            opened.flush()
            size = opened.seek(0, 2)
            opened.seek(0)
            digest = hashlib.sha256()
            while part := opened.read(1 << 18):
                digest.update(part)
        entry = orjson.dumps({"file": name, "bytes": size, "sha256": digest.hexdigest()})
        self._entries.write((b",\n  " if self.files else b"\n  ") + entry)
        self.files += 1
        self.bytes += size

    def write(self, name: str, content: bytes) -> None:
        """A whole file at once."""
        with self.file(name) as opened:
            opened.write(content)

    def finish(self, facts: dict[str, Any]) -> None:
        """Write the manifest: the facts, then the files in the order in which they were written."""
        head = orjson.dumps(facts, option=orjson.OPT_INDENT_2)
        self._entries.seek(0)
        with (self.path / MANIFEST).open("wb") as manifest:
            manifest.write(head.removesuffix(b"\n}") + b',\n  "files": [')
            while part := self._entries.read(1 << 16):
                manifest.write(part)
            manifest.write(b"\n  ]\n}\n")
        self._entries.close()

    def __del__(self) -> None:
        self._entries.close()  # of an export that failed
