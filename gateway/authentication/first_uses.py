"""Reports to auth which generations of sessions are in use.

The response with the next refresh token may be lost. The first use of the access token that came with it shows auth
that it was not. This process reports each session's newest generation once, in a separate task: no request waits for it
or fails with it. A report that is lost with the process is repeated by the next process that sees the token, and a
generation that is reported twice changes nothing.
"""

import logging
import time
from collections import OrderedDict
from itertools import islice
from typing import NamedTuple, TypeVar
from uuid import UUID

from chassis.background.async_loop import AsyncLoop
from chassis.errors import Unavailable
from contracts.identity import GenerationUse, GenerationUses
from gateway.authentication.auth_client import AuthClient
from gateway.authentication.sessions import VerifiedToken

log = logging.getLogger(__name__)

T = TypeVar("T")

CACHE_SIZE = 20_000
"""Sessions whose newest generation is cached; an evicted session is reported once more."""
MAX_QUEUED = 5_000
"""Reports that wait while auth is unavailable; the oldest are dropped first."""
BATCH_SIZE = 200
"""Largest number of reports in a request."""
BACKOFF = (0.5, 1.0, 2.0, 5.0)
"""Seconds between two attempts while auth is unavailable."""


class Sighting(NamedTuple):
    """A generation, and when this process first saw an access token of it."""

    generation: int
    at: float
    """By the monotonic clock."""


class FirstUses(AsyncLoop):
    """Collects the generations in use and reports them. Not thread-safe: used on the event loop only."""

    def __init__(self, auth: AuthClient) -> None:
        super().__init__("first uses", None, BACKOFF)
        self._auth = auth
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._queue: OrderedDict[str, Sighting] = OrderedDict()

    def record(self, verified: VerifiedToken) -> None:
        """Called for each request with a valid access token."""
        generation = verified.generation
        if generation is None or self._newest.get(verified.session, -1) >= generation:
            return
        _put(self._newest, verified.session, generation, CACHE_SIZE)
        for session in _put(self._queue, verified.session, Sighting(generation, time.monotonic()), MAX_QUEUED):
            # Not reported, so not cached as reported: the next request with its token tries again.
            self._newest.pop(session, None)
        self.wake()

    async def work(self) -> None:
        """Reports all that is queued. When the process ends, the next one that sees a token reports it."""
        while self._queue:
            await self._report(dict(islice(self._queue.items(), BATCH_SIZE)))

    def note_failure(self, error: Exception) -> None:
        """Logs an error that is not just an unavailable auth, which others log already."""
        if not isinstance(error, Unavailable):
            log.warning("auth does not take reports of first uses", extra={"error": repr(error)})

    def note_recovery(self) -> None:
        """Logs nothing, as for most failures."""

    async def _report(self, batch: dict[str, Sighting]) -> None:
        """Raises Unavailable."""
        now = time.monotonic()
        await self._auth.confirm(
            GenerationUses(
                uses=tuple(
                    GenerationUse(session=UUID(session), generation=sighting.generation, age=now - sighting.at)
                    for session, sighting in batch.items()
                )
            )
        )
        for session, reported in batch.items():
            # A newer generation may have been recorded meanwhile.
            if self._queue.get(session) is reported:
                del self._queue[session]


def _put(entries: OrderedDict[str, T], key: str, value: T, most: int) -> list[str]:
    """Stores a value as the newest entry. Returns the keys that were evicted."""
    entries[key] = value
    entries.move_to_end(key)
    dropped = []
    while len(entries) > most:
        dropped.append(entries.popitem(last=False)[0])
    return dropped
