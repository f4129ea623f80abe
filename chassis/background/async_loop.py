"""A task on the event loop that repeats its work: whenever it is woken, and at an interval."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress

from chassis.background.backoff import Backoff

log = logging.getLogger(__name__)


class AsyncLoop(ABC):
    """One task that never gives up: after any error, the next round may succeed."""

    def __init__(self, name: str, interval: float | None, backoff: Sequence[float] = ()) -> None:
        """`interval` is the longest pause in seconds, without end if None; `backoff` the pauses after failures."""
        self._name = name
        self._interval = interval
        self._backoff = Backoff(backoff or (interval or 1.0,))
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @abstractmethod
    async def work(self) -> None:
        """Runs one round. May raise any error."""

    def start(self) -> None:
        """Starts the task, which starts with a round."""
        self._task = asyncio.create_task(self._run(), name=self._name)

    async def stop(self) -> None:
        """Cancels the task, and waits for its end."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def wake(self) -> None:
        """Starts a round now, or once the current one has ended."""
        self._woken.set()

    def note_failure(self, error: Exception) -> None:
        """Called after the first of several consecutive failures."""
        log.warning("background work waits", extra={"work": self._name, "error": repr(error)})

    def note_recovery(self) -> None:
        """Called after the first success since a failure."""
        log.info("background work goes on", extra={"work": self._name})

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                await self.work()
            except Exception as error:
                if not self._backoff.failures:
                    self.note_failure(error)
                log.debug("background work failed", extra={"work": self._name}, exc_info=True)
                await asyncio.sleep(self._backoff.fail())  # not interrupted by `wake`, as in `BackgroundLoop`
            else:
                if self._backoff.succeed():
                    self.note_recovery()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._interval):
                        await self._woken.wait()
