"""One service as the gateway sees it: its connections, and what it does when the service is slow or gone."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

import aiohttp
from yarl import URL

from gateway.errors import ServiceAway
from gateway.guards import Breaker, Bulkhead, RetryBudget, Streams, Uploads
from gateway.metrics import failures
from gateway.routing import SAFE_METHODS, Service

log = logging.getLogger(__name__)

PATIENCE = {Service.AUTH: 10.0, Service.EXPENSES: 15.0, Service.INSIGHTS: 5.0}
"""Seconds of silence from a service. insights promises to answer or give up within 2."""
SILENCE_OF_STREAMS = 60.0
"""Seconds; live streams say something every 15."""
OWN_PATIENCE = 4.0
"""Seconds for the whole answer to a question of the gateway's own."""
AT_ONCE = 100
QUEUE = 200
_KEPT_OPEN = 3.0
"""Seconds for which an idle connection is used again; the services themselves close theirs after 5."""
_PAUSE = 0.05
"""Seconds before the second try: as long as a service that is just being started again may need."""

Body = bytes | AsyncIterator[bytes] | None


class Ask(NamedTuple):
    """A request to a service."""

    method: str
    target: str
    """Path and query, as they came."""
    headers: list[tuple[str, str]]
    body: Body
    broke_off: Callable[[], Exception | None] = lambda: None
    """Why the body did not come to its end, where whoever sends it is to blame."""
    live: bool = False


class Upstream:
    """A service behind the door."""

    def __init__(self, service: Service, base_url: str) -> None:
        self.service = service
        self._base = base_url
        self._breaker = Breaker(service)
        self._budget = RetryBudget()
        self._places = Bulkhead(service, AT_ONCE, queue=QUEUE)
        self.streams = Streams(service)
        self.uploads = Uploads(service)
        self._session: aiohttp.ClientSession | None = None
        silence = aiohttp.ClientTimeout(total=None, sock_connect=1, sock_read=PATIENCE[service])
        self._timeouts = {
            False: silence,
            True: aiohttp.ClientTimeout(total=None, sock_connect=1, sock_read=SILENCE_OF_STREAMS),
        }

    async def open(self) -> None:
        """Makes the pool; connections come when they are needed."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEPT_OPEN, ttl_dns_cache=10),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )
        # aiohttp by itself sends PUT and DELETE a second time when a connection ends; whether the first
        # one was done cannot be known, so what is tried again is decided below.
        self._session._retry_connection = False  # noqa: SLF001

    async def close(self) -> None:
        """Ends every connection."""
        if self._session is not None:
            await self._session.close()

    async def ask(self, ask: Ask) -> aiohttp.ClientResponse:
        """The head of the answer; the caller reads and closes it.

        Raises ServiceAway, ServiceBusy, or why the body broke off.
        """
        self._breaker.enter()
        self._budget.earn()
        place = contextlib.nullcontext() if ask.live else self._places
        try:
            async with place:
                response = await self._try_twice(ask)
        except (aiohttp.ClientError, OSError) as error:
            if (failure := ask.broke_off()) is not None:
                raise failure from error
            self._breaker.failed()
            kind = "time" if isinstance(error, TimeoutError) else "connection"
            failures.labels(self.service, kind).inc()
            log.warning("a service did not answer", extra={"service": self.service, "error": repr(error)})
            raise ServiceAway(self.service) from error
        self._breaker.succeeded()
        return response

    async def call(
        self, method: str, target: str, headers: list[tuple[str, str]], body: bytes | None
    ) -> tuple[int, bytes]:
        """Status and body of an answer to the gateway itself; what people ask does not stand in its way."""
        async with asyncio.timeout(OWN_PATIENCE), await self._send(Ask(method, target, headers, body)) as response:
            return response.status, await response.read()

    async def is_ready(self) -> bool:
        """Whether the service says that it can do its work."""
        try:
            response = await self._send(Ask("GET", "/readyz", [], None))
        except (aiohttp.ClientError, OSError):
            return False
        async with response:
            return response.status == 200  # noqa: PLR2004 - the well-known one

    async def _try_twice(self, ask: Ask) -> aiohttp.ClientResponse:
        try:
            return await self._send(ask)
        except (aiohttp.ClientConnectionError, OSError) as error:
            # A late answer is not asked for again, nor what may have been done already.
            hopeless = isinstance(error, TimeoutError) or ask.method not in SAFE_METHODS
            if hopeless or not isinstance(ask.body, bytes | None) or not self._budget.spend():
                raise
        await asyncio.sleep(_PAUSE)
        return await self._send(ask)

    async def _send(self, ask: Ask) -> aiohttp.ClientResponse:
        assert self._session is not None, "opened before use"  # noqa: S101
        return await self._session.request(
            ask.method,
            URL(self._base + ask.target, encoded=True),
            headers=ask.headers,
            data=ask.body,
            allow_redirects=False,
            timeout=self._timeouts[ask.live],
        )
