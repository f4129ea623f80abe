"""Locks by key. A key that no thread holds or waits for uses no memory."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID


class _KeyLock:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.threads = 0


class SingleFlight:
    """A lock for each key."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._flights: dict[UUID, _KeyLock] = {}

    def __len__(self) -> int:
        """Number of keys in use."""
        return len(self._flights)

    @contextmanager
    def acquire(self, key: UUID, timeout: float) -> Iterator[bool]:
        """Holds the key inside the block; yields False if it was not free within `timeout` seconds."""
        with self._guard:
            flight = self._flights.setdefault(key, _KeyLock())
            flight.threads += 1
        try:
            acquired = flight.lock.acquire(timeout=min(timeout, threading.TIMEOUT_MAX))
            try:
                yield acquired
            finally:
                if acquired:
                    flight.lock.release()
        finally:
            with self._guard:
                flight.threads -= 1
                if not flight.threads:
                    del self._flights[key]
