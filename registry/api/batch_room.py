"""Room for batches: how many one process reads, unpacks and stores at a time. Memory is bounded by it.

A batch may be a hundred megabytes, and some formats are read whole. Who finds no room waits before the body is read, so
that waiting costs a connection and nothing else; of one site at most half, so that none can keep the others out.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from registry.errors import Full
from registry.settings import Settings

COME_AGAIN = 10


class BatchRoom:
    """The places of one process."""

    def __init__(self, settings: Settings) -> None:
        self._patience = settings.body_seconds
        of_one = max(1, settings.batches_at_once // 2)
        self._all = asyncio.Semaphore(settings.batches_at_once)
        self._of_site: dict[int, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(of_one))

    @asynccontextmanager
    async def place(self, site_id: int) -> AsyncIterator[None]:
        """A place for a batch of the site. Raises ``Full`` when none becomes free for a while."""
        mine = self._of_site[site_id]
        try:
            async with asyncio.timeout(self._patience):
                await mine.acquire()
                try:
                    await self._all.acquire()
                except BaseException:
                    mine.release()
                    raise
        except TimeoutError:
            text = "other batches are being read at this moment and nothing was stored; send it again later"
            raise Full(text, retry_after=COME_AGAIN) from None
        try:
            yield
        finally:
            self._all.release()
            mine.release()
