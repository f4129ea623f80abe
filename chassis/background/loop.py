"""Work that is done again and again by a thread of its own: whenever it is woken, and by a clock."""

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence

log = logging.getLogger(__name__)


class BackgroundWork(ABC):
    """One thread, which never gives up: whatever goes wrong, the next round may succeed."""

    def __init__(self, name: str, every: float, back_off: Sequence[float] = ()) -> None:
        """`every` is the longest pause in seconds; `back_off` those after one failure, two and more, if others."""
        self._every = every
        self._back_off = back_off or (every,)
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @abstractmethod
    def work(self) -> None:
        """One round of all that there is to do; ends early where `is_stopped`. Raises whatever it likes."""

    def start(self) -> None:
        """Begins with a round: nobody knows what was left undone."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after what is in hand."""
        self._stopped.set()
        self._woken.set()
        self._thread.join(timeout=5)

    def wake(self) -> None:
        """Something was committed: look now."""
        self._woken.set()

    @property
    def is_stopped(self) -> bool:
        """Whether it was told to end."""
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
                # Not to be woken: what failed just now would fail again for every commit.
                self._stopped.wait(self._back_off[min(failures, len(self._back_off)) - 1])
            else:
                if failures:
                    log.info("background work goes on", extra={"work": self._thread.name})
                failures = 0
                self._woken.wait(self._every)
