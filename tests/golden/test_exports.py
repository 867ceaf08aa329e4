"""What an export of the frozen cases is, file by file and byte by byte. make_exports.py writes the files anew."""

from pathlib import Path

import pytest

from tests.factories_export import write
from tests.golden.make_exports import BINARY, GOLDEN

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", GOLDEN)
def test_an_export_is_as_it_was(name: str, tmp_path: Path) -> None:
    write(name, tmp_path)
    (tmp_path / "manifest.json").unlink()
    expected = {str(p.relative_to(HERE / f"export_{name}")): p for p in _files(HERE / f"export_{name}")}
    found = {str(p.relative_to(tmp_path)): p for p in _files(tmp_path)}
    assert set(found) == set(expected)
    for file, path in found.items():
        assert path.read_bytes().decode() == expected[file].read_bytes().decode(), file


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in BINARY)
