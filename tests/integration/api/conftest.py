"""APIs with other settings, and senders with any key."""

from contextlib import ExitStack
from dataclasses import replace

import httpx
import pytest

from tests.factories import a_submission
from tests.integration.conftest import SECONDS, served


@pytest.fixture
def with_settings(the_registry, registry):
    """Addresses of APIs with other settings or servers, on the same database."""
    with ExitStack() as opened:

        def start(servers=None, **settings) -> str:
            changed = the_registry.settings.model_copy(update=settings)
            other = replace(the_registry, settings=changed, servers=servers or the_registry.servers)
            return opened.enter_context(served(other))

        yield start


@pytest.fixture
def writer(key):
    """Sends one submission with the key, or a bearer text of its own."""

    def send(url, bearer=key, path="/v1/submissions", **request):
        headers = {"Authorization": f"Bearer {bearer}"} | request.pop("headers", {})
        given = request or {"json": a_submission()}
        return httpx.post(url + path, headers=headers, trust_env=False, timeout=SECONDS, **given)

    return send
