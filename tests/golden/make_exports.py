"""Write the golden files of the exports anew: python tests/golden/make_exports.py [FORMAT...]

Read the difference before it is committed: a change here is a change of what analysts and other systems receive.
"""

import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1])]

GOLDEN = ("csv", "adam", "sdtm", "records", "fhir", "phenopackets")
"""Formats whose files are text, at least in part."""
BINARY = frozenset({".xpt"})
"""Files that are read by another program's reader in other tests."""


def shown(folder: Path) -> list[Path]:
    """The files of an export that are kept: those of text, and of many files for one case each that of one."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
    return [
        path
        for path in files
        if path.suffix not in BINARY
        and (path.parent == folder or path.stem.startswith("KND") or path.suffix == ".csv")
    ]


def main() -> None:
    """Write the folders ``export_FORMAT``."""
    from tests.factories_export import write

    for name in sys.argv[1:] or GOLDEN:
        folder = HERE / f"export_{name}"
        shutil.rmtree(folder, ignore_errors=True)
        write(name, folder)
        kept = set(shown(folder))
        for path in folder.rglob("*"):
            if path.is_file() and path not in kept:
                path.unlink()


if __name__ == "__main__":
    main()
