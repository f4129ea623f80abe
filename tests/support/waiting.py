"""Waits for what will be true, never for time to pass."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

TIMEOUT = 30.0
"""Seconds: far more than any healthy machine needs, so that only a real fault runs into it."""


def until(condition: Callable[[], T], *, what: str, timeout: float = TIMEOUT) -> T:
    """The first true answer of `condition`; fails naming `what` it waited for."""
    deadline = time.monotonic() + timeout
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout:g} s for {what}; the last answer was {answer!r}")
        time.sleep(0.02)
