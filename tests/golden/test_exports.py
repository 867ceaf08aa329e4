"""What an export of the frozen cases is, file by file and byte by byte. make_exports.py writes the files anew."""

from pathlib import Path

import pytest

from tests.factories_export import write
from tests.golden.make_exports import GOLDEN, shown

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", GOLDEN)
def test_an_export_is_as_it_was(name: str, tmp_path: Path) -> None:
    write(name, tmp_path)
    expected = {
        str(path.relative_to(HERE / f"export_{name}")): path for path in shown(HERE / f"export_{name}")
    }
    found = {str(path.relative_to(tmp_path)): path for path in shown(tmp_path)}
    assert set(found) == set(expected)
    for file, path in found.items():
        assert path.read_bytes().decode() == expected[file].read_bytes().decode(), file
