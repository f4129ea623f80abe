"""Passwords as argon2id hashes; few are worked on at once, so that signing in cannot stall the machine."""

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
"""OWASP's first choice for argon2id: 26 ms on a small machine, where the library's own choice takes 190 ms."""

MAX_CONCURRENT = max(1, (os.cpu_count() or 1) // 2)
"""Half of the processors: sign-ins must not slow down requests of signed-in users."""

MAX_WAITING = 16
"""How many may wait for a turn, each holding a thread. More are asked to come again, so threads are left for others."""


class PasswordHashes:
    """Hashes and checks, at most AT_ONCE at a time. Takes tens of milliseconds: never within a transaction."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
        self._turns = threading.BoundedSemaphore(MAX_CONCURRENT)
        self._queue = threading.BoundedSemaphore(MAX_CONCURRENT + MAX_WAITING)
        self._decoy = self._hasher.hash(os.urandom(32))

    def hash(self, password: str) -> str:
        """What to store. Raises Unavailable when too many wait."""
        with self._turn():
            return self._hasher.hash(password)

    def match(self, password: str, known: str | None) -> bool:
        """Whether this is the password; where there is no account it takes as long to say no. Raises Unavailable."""
        with self._turn():
            try:
                self._hasher.verify(known or self._decoy, password)
            except VerifyMismatchError:
                return False
        return known is not None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._queue.acquire(blocking=False):
            raise Unavailable("Many people are signing in just now. Please try again in a moment.")
        try:
            with self._turns:
                yield
        finally:
            self._queue.release()
