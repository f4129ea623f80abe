"""A background thread that repeats its work: whenever it is woken, and at an interval."""

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence

from chassis.background.backoff import Backoff

log = logging.getLogger(__name__)


class BackgroundLoop(ABC):
    """One thread that never gives up: after any error, the next round may succeed."""

    def __init__(self, name: str, interval: float, backoff: Sequence[float] = (), *, pause_first: bool = False) -> None:
        """`interval` is the longest pause in seconds; `backoff` the pauses after one failure, two and more.

        Starts with a round, since a previous process may have left work undone, unless it is to `pause_first`.
        """
        self._interval = interval
        self._backoff = Backoff(backoff or (interval,))
        self._pause_first = pause_first
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @abstractmethod
    def work(self) -> None:
        """Runs one round; ends early if `is_stopped`. May raise any error."""

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stops after the current step, within five seconds."""
        self.ask_to_stop()
        self.join()

    def ask_to_stop(self) -> None:
        """Lets the thread stop after the current step. Does not wait for it."""
        self._stopped.set()
        self._woken.set()

    def join(self) -> None:
        """Waits up to five seconds until the thread has stopped; not at all if it was never started."""
        if self._thread.ident is not None:
            self._thread.join(timeout=5)

    def wake(self) -> None:
        """Starts a round now, for example after a commit."""
        self._woken.set()

    @property
    def is_stopped(self) -> bool:
        """Whether the thread was told to stop."""
        return self._stopped.is_set()

    def pause(self, seconds: float) -> bool:
        """Waits within a round. Returns whether the thread was told to stop meanwhile."""
        return self._stopped.wait(seconds)

    def _run(self) -> None:
        if self._pause_first:
            self._woken.wait(self._interval)
        while not self.is_stopped:
            self._woken.clear()
            try:
                self.work()
            except Exception as error:
                if not self._backoff.failures:
                    log.warning("background work waits", extra={"work": self._thread.name, "error": repr(error)})
                log.debug("background work failed", extra={"work": self._thread.name}, exc_info=True)
                # Not interrupted by `wake`: the same error would return at every commit.
                self._stopped.wait(self._backoff.fail())
            else:
                if self._backoff.succeed():
                    log.info("background work goes on", extra={"work": self._thread.name})
                self._woken.wait(self._interval)
