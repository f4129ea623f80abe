"""Tells operators that a proxy stands in front of the gateway and is not named.

Its `X-Forwarded-For` is then not believed, and everybody behind it shares one address and its limits. The log says so
once a process; for `outlay status` a key in Redis says so until a day after the header last came. Anyone can send that
header, so both name the address that it came from, and nothing follows from it by itself.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime

import redis.asyncio

from contracts.operating import UNNAMED_PROXY, UnnamedProxy

log = logging.getLogger(__name__)

NOTED_EVERY = 3_600.0
"""Seconds between two notes in Redis."""
TRIED_EVERY = 5.0
"""Seconds until the next attempt where Redis could not be asked."""
KEPT = 86_400
"""Seconds for which a note lasts."""


class ProxyNotice:
    """Notes the header, off the request's path."""

    def __init__(self, client: redis.asyncio.Redis, *, is_named: bool) -> None:
        """`is_named`: GATEWAY_TRUSTED_PROXIES names proxies, so there is nothing to tell."""
        self._redis = client
        self._is_named = is_named
        self._logged = False
        self._next = float("-inf")
        self._task: asyncio.Task[None] | None = None

    def look(self, fields: Mapping[bytes, bytes], peer: str) -> None:
        """Looks at the header fields of a request from this address."""
        if b"x-forwarded-for" in fields and not self._is_named:
            self._note(peer)

    def _note(self, peer: str) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + NOTED_EVERY
        if not self._logged:
            self._logged = True
            log.warning(
                "X-Forwarded-For is not believed: name your proxy in GATEWAY_TRUSTED_PROXIES, "
                "or everybody behind it shares one address and its limits",
                extra={"peer": peer},
            )
        self._task = asyncio.create_task(self._store(UnnamedProxy(address=peer, seen_at=datetime.now(UTC))))

    async def stop(self) -> None:
        """Ends; a note that is not stored yet is stored by the next process."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._redis.aclose()

    async def _store(self, notice: UnnamedProxy) -> None:
        try:
            await self._redis.set(UNNAMED_PROXY, notice.model_dump_json(), ex=KEPT)
        except (redis.RedisError, OSError):
            self._next = time.monotonic() + TRIED_EVERY
