"""The master key of the embedded database: made once, in the data folder, for its owner's eyes only."""

import contextlib
import os
import tempfile
from pathlib import Path

from registry.sealing import in_base64, new_secret

NAME = "master.key"


def master_key_file(data_dir: Path) -> Path:
    """The file with the key, made if it is not there. Whoever loses it loses what was sealed."""
    path = data_dir / NAME
    if not path.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(prefix=NAME, dir=data_dir)  # mode 0600
        with open(descriptor, "w") as file:
            file.write(in_base64(new_secret()) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # of several that begin at once one succeeds, and the file is there whole
        os.unlink(draft)
    return path
