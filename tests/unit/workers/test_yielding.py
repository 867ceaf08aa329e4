"""A worker's processes let others go first, and its session does where it is its own."""

import subprocess
import sys

import pytest

from workers.signals import YIELDING

PROCESS = """
import os, sys
from pathlib import Path
from workers import signals

signals.SESSION = Path(sys.argv[1])
before = os.nice(0)
if os.fork() == 0:
    signals.let_others_go_first()
    os._exit(os.nice(0) - before)
sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
"""
"""A worker, and a process of it; ends with how much that one yields."""


@pytest.mark.parametrize(("own", "said"), [(True, str(YIELDING)), (False, "")])
def test_the_session_yields_where_it_is_the_workers_own(own, said, tmp_path):
    session = tmp_path / "autogroup"
    session.touch()
    command = [sys.executable, "-c", PROCESS, str(session)]
    assert subprocess.run(command, start_new_session=own, check=False).returncode == YIELDING
    assert session.read_text() == said


def test_without_sessions_the_process_yields_alone(tmp_path):
    command = [sys.executable, "-c", PROCESS, str(tmp_path / "missing" / "autogroup")]
    assert subprocess.run(command, start_new_session=True, check=False).returncode == YIELDING
