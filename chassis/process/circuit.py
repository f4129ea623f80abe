"""A circuit: counts the consecutive failures of something, and says when it may be tried again."""

from typing import NamedTuple


class Circuit:
    """Open after several consecutive failures; while open, lets through a trial at a time that its owner sets.

    Times are those of the caller's monotonic clock, in seconds. Not thread-safe.
    """

    def __init__(self, most: int) -> None:
        """`most` failures open it."""
        self.failures = 0
        self._most = most
        self._next_trial = 0.0

    @property
    def is_open(self) -> bool:
        """Whether there were too many consecutive failures."""
        return self.failures >= self._most

    def wait(self, now: float) -> float:
        """Seconds until the next request may be sent; 0 if one may be sent now."""
        return max(self._next_trial - now, 0.0) if self.is_open else 0.0

    def begin_trial(self, until: float) -> "Trial":
        """Lets one request through, and no other before `until`."""
        self._next_trial = until
        return Trial(self, until)

    def abandon(self, trial: "Trial") -> None:
        """Allows another trial now, unless a later trial or failure has set the time of the next one."""
        if self._next_trial == trial.until:
            self._next_trial = 0.0

    def failed(self, next_trial: float) -> None:
        """Counts a failure. If that opens the circuit, no trial is sent before `next_trial`."""
        self.failures += 1
        self._next_trial = next_trial

    def succeeded(self) -> None:
        """Closes the circuit."""
        self.failures = 0


class Trial(NamedTuple):
    """A request that an open circuit has let through, and until when it lets no other through."""

    circuit: Circuit
    until: float
