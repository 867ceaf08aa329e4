"""Readiness: a process tells whoever started it that from now on it does its work.

The starter passes the writing end of a pipe and its number in ``MPS_READY_FD``; without one nobody is told.
"""

import os

VARIABLE = "MPS_READY_FD"


def tell() -> None:
    """Say once that this process is ready."""
    number = os.environ.pop(VARIABLE, None)
    if number is not None:
        os.write(int(number), b"ready\n")
        os.close(int(number))
