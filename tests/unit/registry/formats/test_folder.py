"""The folder of an export and its manifest."""

import hashlib
import json
from pathlib import Path

from registry.formats.folder import Folder


def test_the_manifest_names_every_file_with_size_and_checksum(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "out")
    folder.write("a.txt", b"one")
    with folder.file("deep/b.bin") as out:
        out.write(b"0000xyz")
        out.seek(0)
        out.write(b"1234")  # a head that is filled last
    folder.finish({"format": "test", "cases": 2})
    manifest = json.loads((tmp_path / "out/manifest.json").read_bytes())
    assert manifest == {
        "format": "test",
        "cases": 2,
        "files": [
            {"file": "a.txt", "bytes": 3, "sha256": hashlib.sha256(b"one").hexdigest()},
            {"file": "deep/b.bin", "bytes": 7, "sha256": hashlib.sha256(b"1234xyz").hexdigest()},
        ],
    }
    assert (tmp_path / "out/deep/b.bin").read_bytes() == b"1234xyz"


def test_a_manifest_stands_only_in_a_complete_folder(tmp_path: Path) -> None:
    done = Folder(tmp_path)
    done.finish({"cases": 0})
    assert json.loads((tmp_path / "manifest.json").read_bytes())["files"] == []
    Folder(tmp_path).write("a.txt", b"")
    assert not (tmp_path / "manifest.json").exists()
