"""Pauses between attempts, which grow with consecutive failures."""

from collections.abc import Sequence


class Backoff:
    """Counts consecutive failures. Not thread-safe: each loop has its own."""

    def __init__(self, pauses: Sequence[float]) -> None:
        """`pauses` are the seconds after one failure, two and more; the last one is repeated."""
        self._pauses = tuple(pauses)
        self.failures = 0

    def fail(self) -> float:
        """Counts a failure. Returns the seconds until the next attempt."""
        self.failures += 1
        return self._pauses[min(self.failures, len(self._pauses)) - 1]

    def succeed(self) -> bool:
        """Ends the count. Returns whether there were failures."""
        failed, self.failures = self.failures > 0, 0
        return failed
