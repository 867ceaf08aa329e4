"""Fixtures for every test. Nothing starts until a test asks for it."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry import embedded


@pytest.fixture(scope="session")
def servers() -> Iterator[embedded.Servers]:
    """A real PostgreSQL and a real Valkey, this worker's own.

    Those of MPS_TEST_DATABASE_URL and MPS_TEST_REDIS_URL where both are set. Else embedded ones, not below pytest's
    temporary folder: each pytest session of root closes that to the account the servers of another one run as.
    """
    database_url, redis_url = os.environ.get("MPS_TEST_DATABASE_URL"), os.environ.get("MPS_TEST_REDIS_URL")
    if database_url and redis_url:
        yield embedded.Servers(database_url, redis_url)
        return
    with (
        tempfile.TemporaryDirectory(prefix="mps-test-") as data_dir,
        embedded.start(Path(data_dir)) as started,
    ):
        yield started
