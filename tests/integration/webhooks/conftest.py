"""A site that is told by webhook, and its system."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from registry.pipeline.sites import add_site
from registry.wiring import Registry
from tests.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def told(registry: Registry) -> Registry:
    """The registry with the site KND, allowed to call loopback."""
    with registry.work() as work:
        add_site(work, "KND", "Kindai", country="JP", timezone="Asia/Tokyo", actor="test")
    settings = registry.settings.model_copy(update={"webhook_private_hosts": ("127.0.0.1",)})
    return replace(registry, settings=settings)
