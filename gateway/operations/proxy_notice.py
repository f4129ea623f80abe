"""Warns operators of a reverse proxy that GATEWAY_TRUSTED_PROXIES does not name.

Its `X-Forwarded-For` is then ignored, and all clients behind it share one address and its limits. Each process logs
this once; for `outlay status`, a key in Redis is stored until a day after the header was last seen. Any client can send
that header, so both name the sender's address, and the gateway changes nothing by itself.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime

import redis.asyncio

from contracts.operations import UNNAMED_PROXY, UnnamedProxy

log = logging.getLogger(__name__)

WRITE_INTERVAL = 3_600.0
"""Seconds between two writes to Redis."""
RETRY_INTERVAL = 5.0
"""Seconds until the next attempt if Redis is unavailable."""
TTL = 86_400
"""Time to live of the key, in seconds."""


class ProxyNotice:
    """Records the header, in a separate task."""

    def __init__(self, client: redis.asyncio.Redis, *, is_named: bool) -> None:
        """`is_named`: GATEWAY_TRUSTED_PROXIES names a proxy, so no warning is needed."""
        self._redis = client
        self._is_named = is_named
        self._logged = False
        self._next = float("-inf")
        self._task: asyncio.Task[None] | None = None

    def check(self, fields: Mapping[bytes, bytes], peer: str) -> None:
        """Checks the header fields of a request from the address `peer`."""
        if b"x-forwarded-for" in fields and not self._is_named:
            self._note(peer)

    def _note(self, peer: str) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + WRITE_INTERVAL
        if not self._logged:
            self._logged = True
            log.warning(
                "X-Forwarded-For is ignored: name your proxy in GATEWAY_TRUSTED_PROXIES, "
                "or all clients behind it share one address and its limits",
                extra={"peer": peer},
            )
        self._task = asyncio.create_task(self._store(UnnamedProxy(address=peer, seen_at=datetime.now(UTC))))

    async def stop(self) -> None:
        """Stops the task. A record that is not stored yet is stored by the next process."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._redis.aclose()

    async def _store(self, notice: UnnamedProxy) -> None:
        try:
            await self._redis.set(UNNAMED_PROXY, notice.model_dump_json(), ex=TTL)
        except (redis.RedisError, OSError):
            self._next = time.monotonic() + RETRY_INTERVAL
