"""Together: what requests ask for at the same moment is asked for at once, in a thread, and each gets its own answer."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Together(Generic[Asked, Answer]):
    """What is asked while an answer is under way waits, and is then asked for in one go.

    None joins a run that began before it: no answer is older than its question. A run begins at once, or, with a ``pause``,
    when nobody else has come for so many seconds: those who were answered together come again one shortly after the other.
    ``answer`` gets at most ``most`` questions in the order in which they came, and gives as many answers, each perhaps the
    error to be raised to who asked; what it raises itself is raised to all of them. One run follows the other.
    """

    def __init__(
        self,
        answer: Callable[[Sequence[Asked]], Sequence[Answer | Exception]],
        *,
        pause: float = 0,
        most: int = 50,
    ) -> None:
        self._answer, self._pause, self._most = answer, pause, most
        self._waiting: list[tuple[Asked, asyncio.Future[Answer]]] = []
        self._running: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, "together")  # of its own: slow requests use up the others

    async def ask(self, asked: Asked) -> Answer:
        """The answer, as if it had been asked for alone."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((asked, answer))
        if self._running is None or self._running.done():
            self._running = loop.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        while self._waiting:
            await self._company()
            run, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            answers: Sequence[Answer | Exception]
            try:
                loop = asyncio.get_running_loop()
                answers = await loop.run_in_executor(self._thread, self._answer, [asked for asked, _ in run])
            except Exception as error:  # noqa: BLE001  (it is raised to each who asked)
                answers = [error] * len(run)
            for (_, waiting), answer in zip(run, answers, strict=True):
                if waiting.done():  # who asked was cancelled
                    continue
                if isinstance(answer, Exception):
                    waiting.set_exception(answer)
                else:
                    waiting.set_result(answer)

    async def _company(self) -> None:
        seen = 0
        while self._pause and seen < len(self._waiting) < self._most:
            seen = len(self._waiting)
            await asyncio.sleep(self._pause)
