"""Hashes passwords with argon2id. Limits the number of concurrent hashes, so that sign-ins cannot stall the machine."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from chassis.errors import Unavailable

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
"""OWASP's first recommendation for argon2id: 26 ms on a small machine. The library's default takes 190 ms."""

MAX_CONCURRENT = max(1, (os.cpu_count() or 1) // 2)
"""Half of the processors, so that sign-ins do not slow down signed-in users."""

MAX_WAITING = 16
"""Limit of waiting threads. Further sign-ins are refused with Unavailable, so that threads remain for other requests.
"""


class PasswordHashes:
    """Hashes and verifies, at most MAX_CONCURRENT at a time. Takes tens of milliseconds: not for transactions."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
        self._turns = threading.BoundedSemaphore(MAX_CONCURRENT)
        self._queue = threading.BoundedSemaphore(MAX_CONCURRENT + MAX_WAITING)
        self._decoy = self._hasher.hash(os.urandom(32))

    def hash(self, password: str) -> str:
        """Returns the hash to store. Raises Unavailable if too many threads wait."""
        with self._turn():
            return self._hasher.hash(password)

    def match(self, password: str, stored_hash: str | None) -> bool:
        """Whether the password is right. Takes as long without a stored hash. Raises Unavailable."""
        with self._turn():
            try:
                self._hasher.verify(stored_hash or self._decoy, password)
            except VerifyMismatchError:
                return False
        return stored_hash is not None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._queue.acquire(blocking=False):
            raise Unavailable("Many people are signing in just now. Please try again in a moment.")
        try:
            with self._turns:
                yield
        finally:
            self._queue.release()
