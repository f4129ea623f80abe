"""Reads fields of Redis hashes for the hot path: one connection that pipelines all requests.

redis-py takes longer for one such read than everything else that a cached response needs. While Redis is unavailable,
reads return at once without a result; a separate task reconnects.
"""

import asyncio
import logging
import ssl
from typing import Any, cast

from redis.asyncio.connection import SSLConnection, parse_url

from chassis.background.async_loop import AsyncLoop
from gateway.response_cache import resp
from gateway.response_cache.connection import RedisConnection

log = logging.getLogger(__name__)

CONNECT_TIMEOUT = 0.5
BACKOFF = (0.1, 0.2, 0.5, 1.0)
"""Seconds between attempts to reconnect to Redis; no request waits for these."""

Fields = list[bytes | None]


class RedisHashes(AsyncLoop):
    """The hashes of one Redis."""

    def __init__(self, url: str) -> None:
        super().__init__("response cache", BACKOFF[0], BACKOFF)
        self._options: dict[str, Any] = dict(parse_url(url))
        self._connection: RedisConnection | None = None

    async def get(self, key: str, *fields: str) -> Fields | None:
        """Returns these fields of a hash, each None if it is absent; None instead of all while Redis is unavailable."""
        reply = await self.execute("HMGET", key, *fields)
        return cast("Fields", reply) if isinstance(reply, list) else None

    async def execute(self, *words: str) -> resp.Reply:
        """Returns the reply to a command: a ReplyError if Redis refuses it, None while there is no connection."""
        if self._connection is None:
            return None
        try:
            return await self._connection.send(resp.command(*words))
        except ConnectionError:
            return None

    async def work(self) -> None:
        """Connects, and stays connected until the connection is lost."""
        connection = await asyncio.wait_for(self._connect(), CONNECT_TIMEOUT)
        try:
            self._connection = connection
            log.info("Redis answers")
            await connection.lost.wait()
            log.warning("Redis does not answer: every read goes to its service")
        finally:
            self._connection = None
            connection.abort()

    def note_failure(self, error: Exception) -> None:
        """Logs that no connection can be made."""
        log.warning("Redis cannot be reached", extra={"error": repr(error)})

    def note_recovery(self) -> None:
        """Logs nothing: `work` has logged the connection, and its loss."""

    async def _connect(self) -> RedisConnection:
        loop, options = asyncio.get_running_loop(), self._options
        if "path" in options:
            _, connection = await loop.create_unix_connection(RedisConnection, options["path"])
        else:
            secure = ssl.create_default_context() if options.get("connection_class") is SSLConnection else None
            host, port = options.get("host", "localhost"), options.get("port", 6379)
            _, connection = await loop.create_connection(RedisConnection, host, port, ssl=secure)
        words = [word for name in ("username", "password") if (word := options.get(name))]
        greeting = [resp.command("AUTH", *words)] if words else []
        greeting.append(resp.command("SELECT", str(options.get("db", 0))))
        for command in greeting:
            reply = await connection.send(command)
            if isinstance(reply, resp.RedisReplyError):
                connection.abort()
                raise reply
        return connection
