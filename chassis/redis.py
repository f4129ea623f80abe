"""Redis clients with every timeout set; redis-py's own default waits for ever."""

import redis
import redis.asyncio
from redis.backoff import NoBackoff
from redis.retry import Retry

from chassis.secret_url import UrlWithSecrets, revealed

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
    return redis.asyncio.Redis.from_url(revealed(url), socket_connect_timeout=CONNECT_TIMEOUT, socket_timeout=timeout)
