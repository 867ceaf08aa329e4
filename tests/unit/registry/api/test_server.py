"""The API's process may open a file for each connection that it may have."""

import subprocess
import sys

LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (64, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
from registry.api.server import FILES_BESIDE, allow_files
from registry.settings import Settings
allow_files(Settings(max_connections=100))
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
assert soft == min(100 + FILES_BESIDE, hard), (soft, hard)
"""


def test_a_low_limit_of_open_files_is_raised_as_far_as_it_may():
    done = subprocess.run((sys.executable, "-c", LIMITED), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
