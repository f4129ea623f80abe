"""Redis clients with every timeout set; the default of redis-py is to wait for ever."""

import redis
import redis.asyncio
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

from chassis.process.secret_urls import SecretUrlValue, reveal

CONNECT_TIMEOUT = 0.5
TIMEOUT = 2.0
"""Seconds. Redis is a cache, not the source of truth, so no request waits long for it."""


def connect(url: SecretUrlValue | str, *, timeout: float = TIMEOUT) -> redis.Redis:
    """Returns a client for threads. It connects on first use."""
    return redis.Redis.from_url(
        reveal(url), socket_connect_timeout=CONNECT_TIMEOUT, socket_timeout=timeout, retry=Retry(NoBackoff(), 1)
    )


def connect_async(url: SecretUrlValue | str, *, timeout: float = TIMEOUT) -> redis.asyncio.Redis:
    """Returns a client for the event loop. It connects on first use."""
    return redis.asyncio.Redis.from_url(
        reveal(url),
        socket_connect_timeout=CONNECT_TIMEOUT,
        socket_timeout=timeout,
        retry=AsyncRetry(NoBackoff(), 1),
    )


def is_full(error: Exception | None) -> bool:
    """Whether Redis refused to write because its memory is full. Old servers say so of scripts in the text alone."""
    full = isinstance(error, redis.OutOfMemoryError)
    return full or (isinstance(error, redis.ResponseError) and "OOM" in str(error))
