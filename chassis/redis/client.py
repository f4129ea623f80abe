"""Redis clients with every timeout set; redis-py's own default waits for ever."""

import redis
import redis.asyncio
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

from chassis.process.secret_urls import UrlWithSecrets, revealed

CONNECT_TIMEOUT = 0.5
TIMEOUT = 2.0
"""Seconds. Redis is a help, not the truth: nobody waits long for it."""


def connect(url: UrlWithSecrets | str, *, timeout: float = TIMEOUT) -> redis.Redis:
    """A client for threads. Connects on first use."""
    return redis.Redis.from_url(
        revealed(url), socket_connect_timeout=CONNECT_TIMEOUT, socket_timeout=timeout, retry=Retry(NoBackoff(), 1)
    )


def connect_async(url: UrlWithSecrets | str, *, timeout: float = TIMEOUT) -> redis.asyncio.Redis:
    """A client for the event loop. Connects on first use."""
    return redis.asyncio.Redis.from_url(
        revealed(url),
        socket_connect_timeout=CONNECT_TIMEOUT,
        socket_timeout=timeout,
        retry=AsyncRetry(NoBackoff(), 1),
    )


def is_full(error: Exception | None) -> bool:
    """Whether Redis refused to write for want of memory; of scripts it says so in the middle of a sentence."""
    return isinstance(error, redis.ResponseError) and "OOM" in str(error)
