"""One service as the gateway sees it: its connections, and what it does when the service is slow or gone."""

import asyncio
import logging
from typing import NamedTuple

import aiohttp
from yarl import URL

from gateway.errors import ServiceUnavailable
from gateway.metrics import failures
from gateway.routes import SAFE_METHODS, Service
from gateway.upstreams.circuit_breaker import CircuitBreaker, RetryBudget
from gateway.upstreams.concurrency_limits import ConcurrencyLimits, ConcurrencyShares

log = logging.getLogger(__name__)

READ_TIMEOUT = {Service.AUTH: 10.0, Service.EXPENSES: 15.0, Service.INSIGHTS: 5.0}
"""Seconds of silence from a service. insights promises to answer or give up within 2."""
STREAM_READ_TIMEOUT = 60.0
"""Seconds; live streams say something every 15."""
CALL_TIMEOUT = 4.0
"""Seconds for the whole answer to a question of the gateway's own."""
_KEEPALIVE = 3.0
"""Seconds for which an idle connection is used again; the services themselves close theirs after 5."""
_RETRY_DELAY = 0.05
"""Seconds before the second try: as long as a service that is just being started again may need."""

UPLOADS = ConcurrencyShares(all=48, each=8, network=16)
"""Concurrent uploads, each of at most 1 MiB."""
NO_STREAMS = ConcurrencyShares(all=0, each=0, network=0)


class UpstreamRequest(NamedTuple):
    """A request to a service."""

    method: str
    target: str
    """Path and query, as they came."""
    headers: list[tuple[str, str]]
    body: bytes | None
    live: bool = False
    caller: str = ""
    """The caller for whom time-outs are counted."""


class Upstream:
    """A service behind the door."""

    def __init__(self, service: Service, base_url: str, streams: ConcurrencyShares = NO_STREAMS) -> None:
        self.service = service
        self._base = base_url
        self._breaker = CircuitBreaker(service)
        self._budget = RetryBudget()
        self.limits = ConcurrencyLimits(service, streams, UPLOADS)
        self._session: aiohttp.ClientSession | None = None
        silence = aiohttp.ClientTimeout(total=None, sock_connect=1, sock_read=READ_TIMEOUT[service])
        self._timeouts = {
            False: silence,
            True: aiohttp.ClientTimeout(total=None, sock_connect=1, sock_read=STREAM_READ_TIMEOUT),
        }

    async def open(self) -> None:
        """Makes the pool; connections come when they are needed."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEEPALIVE, ttl_dns_cache=10),
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

    def require_closed(self, caller: str) -> None:
        """Raises ServiceUnavailable while the circuit breaker would refuse a request of that caller."""
        self._breaker.require_closed(caller)

    async def request(self, request: UpstreamRequest) -> aiohttp.ClientResponse:
        """The head of the answer; the caller reads and closes it.

        Raises ServiceUnavailable, also while the circuit breaker is open.
        """
        trials = self._breaker.enter(request.caller)
        self._budget.earn()
        try:
            response = await self._send_with_retry(request)
        except (aiohttp.ClientError, OSError) as error:
            self._record_failure(request, error)
            raise ServiceUnavailable(self.service) from error
        except BaseException:
            # The client left, say, so this trial shows nothing of the service.
            self._breaker.abandon(trials)
            raise
        self._breaker.succeeded(request.caller)
        return response

    def _record_failure(self, request: UpstreamRequest, error: Exception) -> None:
        # A connection time-out is a failure of the service; a late response may be caused by the request.
        if late := isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ConnectionTimeoutError):
            self._breaker.timed_out(request.caller)
        else:
            self._breaker.failed()
        failures.labels(self.service, "time" if late else "connection").inc()
        log.warning("a service did not answer", extra={"service": self.service, "error": repr(error)})

    async def call(
        self, method: str, target: str, headers: list[tuple[str, str]], body: bytes | None
    ) -> tuple[int, bytes]:
        """Status and body of an answer to the gateway itself; what people ask does not stand in its way."""
        async with (
            asyncio.timeout(CALL_TIMEOUT),
            await self._send(UpstreamRequest(method, target, headers, body)) as response,
        ):
            return response.status, await response.read()

    async def is_ready(self) -> bool:
        """Whether the service reports that it is ready, or that it runs on damaged data."""
        try:
            async with await self._send(UpstreamRequest("GET", "/readyz", [], None)) as response:
                # The service sends one line; another program on that port may send any amount.
                return response.status == 200 or b'"damaged"' in await response.content.read(1_000)  # noqa: PLR2004 - the well-known one
        except (aiohttp.ClientError, OSError):
            return False

    async def _send_with_retry(self, request: UpstreamRequest) -> aiohttp.ClientResponse:
        try:
            return await self._send(request)
        except (aiohttp.ClientConnectionError, OSError) as error:
            # A late answer is not asked for again, nor what may have been done already.
            hopeless = isinstance(error, TimeoutError) or request.method not in SAFE_METHODS
            if hopeless or not self._budget.spend():
                raise
        await asyncio.sleep(_RETRY_DELAY)
        return await self._send(request)

    async def _send(self, request: UpstreamRequest) -> aiohttp.ClientResponse:
        assert self._session is not None, "opened before use"  # noqa: S101
        return await self._session.request(
            request.method,
            URL(self._base + request.target, encoded=True),
            headers=request.headers,
            data=request.body,
            allow_redirects=False,
            timeout=self._timeouts[request.live],
        )
