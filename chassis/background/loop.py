"""A background thread that repeats its work: whenever it is woken, and at an interval."""

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence

log = logging.getLogger(__name__)


class BackgroundLoop(ABC):
    """One thread that never gives up: after any error, the next round may succeed."""

    def __init__(self, name: str, interval: float, backoff: Sequence[float] = ()) -> None:
        """`interval` is the longest pause in seconds; `backoff` the pauses after one failure, two and more."""
        self._interval = interval
        self._backoff = backoff or (interval,)
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @abstractmethod
    def work(self) -> None:
        """Runs one round; ends early if `is_stopped`. May raise any error."""

    def start(self) -> None:
        """Starts with a round, since a previous process may have left work undone."""
        self._thread.start()

    def stop(self) -> None:
        """Stops after the current step, within five seconds."""
        self._stopped.set()
        self._woken.set()
        self._thread.join(timeout=5)

    def wake(self) -> None:
        """Starts a round now, for example after a commit."""
        self._woken.set()

    @property
    def is_stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stopped.is_set()

    def _run(self) -> None:
        failures = 0
        while not self.is_stopped:
            self._woken.clear()
            try:
                self.work()
            except Exception as error:  # noqa: BLE001 - see above
                if not failures:
                    log.warning("background work waits", extra={"work": self._thread.name, "error": repr(error)})
                failures += 1
                # Not interrupted by `wake`: the same error would return at every commit.
                self._stopped.wait(self._backoff[min(failures, len(self._backoff)) - 1])
            else:
                if failures:
                    log.info("background work goes on", extra={"work": self._thread.name})
                failures = 0
                self._woken.wait(self._interval)
