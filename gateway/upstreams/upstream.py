"""A service behind the gateway: connections, time-outs, retries, circuit breaker."""

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
"""Seconds of silence from a service. insights responds or gives up within 2."""
STREAM_READ_TIMEOUT = 60.0
"""Seconds; live streams send an event every 15."""
CALL_TIMEOUT = 4.0
"""Seconds for the whole response to a call of the gateway itself."""
_KEEPALIVE = 3.0
"""Seconds for which an idle connection is reused; the services close theirs after 5."""
_RETRY_DELAY = 0.05
"""Seconds before the retry: as long as a service that restarts may need."""

UPLOADS = ConcurrencyShares(all=48, each=8, network=16)
"""Concurrent uploads, each of at most 1 MiB."""
NO_STREAMS = ConcurrencyShares(all=0, each=0, network=0)


class UpstreamRequest(NamedTuple):
    """A request to a service."""

    method: str
    target: str
    """Path and query, as received."""
    headers: list[tuple[str, str]]
    body: bytes | None
    live: bool = False
    caller: str = ""
    """The caller for whom time-outs are counted."""


class Upstream:
    """A service behind the gateway."""

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
        """Creates the connection pool."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEEPALIVE, ttl_dns_cache=10),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )
        # By itself aiohttp repeats PUT and DELETE after a closed connection, although the first one may have been
        # executed; retries are decided below.
        self._session._retry_connection = False  # noqa: SLF001

    async def close(self) -> None:
        """Closes every connection."""
        if self._session is not None:
            await self._session.close()

    def require_closed(self, caller: str) -> None:
        """Raises ServiceUnavailable while the circuit breaker would refuse a request of that caller."""
        self._breaker.require_closed(caller)

    async def request(self, request: UpstreamRequest) -> aiohttp.ClientResponse:
        """Sends a request; returns the response, which the caller reads and closes.

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
            # For example the client disconnected: this trial shows nothing about the service.
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
        """Returns status and body of a call of the gateway itself, outside the limits of users' requests."""
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
            # Neither a late response nor a request that may have been executed is retried.
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
