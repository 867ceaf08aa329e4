"""Processes as in production; one registry serves all tests of a session that do not stop it."""

from collections.abc import Iterator

import pytest

from tests.e2e.running import Running, Site, running, short_folder


@pytest.fixture(scope="session")
def up() -> Iterator[Running]:
    """A registry that runs."""
    with short_folder() as folder, running(folder) as here:
        yield here


@pytest.fixture
def site(up: Running) -> Site:
    """A hospital of this test's own."""
    return up.new_site()
