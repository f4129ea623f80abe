"""Reads another service's journal over HTTP, for entries that the stream did not deliver."""

import contextlib
import time
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar
from uuid import UUID

import urllib3
from pydantic import BaseModel, ValidationError
from urllib3.exceptions import HTTPError, MaxRetryError, ReadTimeoutError

from chassis.errors import NotFound, Unavailable
from chassis.process.logging import request_id
from chassis.security.service_tokens import ServiceTokens
from contracts.headers import REQUEST_ID
from contracts.ids import LedgerId
from contracts.journal import FeedPage, HeadsPage

M = TypeVar("M", bound=BaseModel)

ALL_REVISIONS = 2**62
"""A revision that stands for the end of any journal."""


TIMEOUT = 2.0
"""Seconds that the other service may be silent."""
TOTAL_TIMEOUT_FACTOR = 3
"""Factor of the timeout within which the whole response must arrive; it may not trickle in."""
MAX_RESPONSE_BYTES = 64 * 1024 * 1024
"""Bytes of one response. A larger page of the feed is requested in parts."""


class UnreadableResponse(Unavailable):
    """The other service is available but fails at this request. Other requests need not wait."""


class UpstreamTimeout(Unavailable):
    """The response takes too long or is too large. A shorter page may succeed."""


class _Retry(urllib3.Retry):
    """Retries once after a broken connection, and never after a timeout."""

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: urllib3.BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: Any = None,  # noqa: ANN401 - urllib3's own arguments
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """Raises read timeouts instead of retrying."""
        if isinstance(error, ReadTimeoutError):
            raise error
        return super().increment(method, url, response, error, _pool, _stacktrace)


class ServiceClient:
    """Calls to another service's `/internal` routes. Raises NotFound, and Unavailable for anything unexpected."""

    def __init__(self, base_url: str, callee: str, tokens: ServiceTokens) -> None:
        self._base = base_url.rstrip("/")
        self._callee = callee
        self._tokens = tokens
        self._http = urllib3.PoolManager(
            maxsize=10,
            timeout=urllib3.Timeout(connect=0.5, read=TIMEOUT),
            # By default urllib3 sleeps as long as Retry-After says, without a bound.
            retries=_Retry(1, redirect=0, respect_retry_after_header=False),
        )

    def get(self, path: str, model: type[M], *, timeout: float = TIMEOUT) -> M:
        """Sends a GET and validates the response. Raises UpstreamTimeout after `timeout` seconds of silence."""
        return self._call("GET", path, model, timeout=urllib3.Timeout(connect=0.5, read=timeout))

    def post(self, path: str, body: BaseModel, model: type[M], *, timeout: float) -> M:
        """Sends a POST, which may take `timeout` seconds, and validates the response."""
        return self._call(
            "POST", path, model, body=body.model_dump_json(), timeout=urllib3.Timeout(connect=0.5, read=timeout)
        )

    def _call(self, method: str, path: str, model: type[M], **how: Any) -> M:  # noqa: ANN401 - urllib3's options
        headers = {"Authorization": f"Bearer {self._tokens.issue(self._callee)}", "Content-Type": "application/json"}
        if current := request_id.get():
            headers[REQUEST_ID] = current
        try:
            response = self._http.request(method, self._base + path, headers=headers, preload_content=False, **how)
            data = _read_body(response, how["timeout"].read_timeout * TOTAL_TIMEOUT_FACTOR)
        except HTTPError as error:
            reason = error.reason if isinstance(error, MaxRetryError) else error
            raise (UpstreamTimeout if isinstance(reason, ReadTimeoutError) else Unavailable) from error
        if response.status == 404:  # noqa: PLR2004 - the well-known one
            raise NotFound
        if response.status == 500:  # noqa: PLR2004 - as above
            raise UnreadableResponse
        if response.status != 200:  # noqa: PLR2004 - as above
            raise Unavailable
        try:
            return model.model_validate_json(data)
        except ValidationError as error:
            raise UnreadableResponse from error


def _read_body(response: urllib3.BaseHTTPResponse, seconds: float) -> bytes:
    """Reads the body. Raises UpstreamTimeout if it does not arrive in time or is too large."""
    deadline, body = time.monotonic() + seconds, bytearray()
    with contextlib.closing(response):  # a connection that was read to its end returns to the pool all the same
        for piece in response.stream(256 * 1024):
            body += piece
            if time.monotonic() > deadline or len(body) > MAX_RESPONSE_BYTES:
                raise UpstreamTimeout
        response.release_conn()
    return bytes(body)


class _PageSize(NamedTuple):
    """Page size and timeout of a ledger whose pages took too long."""

    limit: int
    """Entries a page."""
    timeout: float


class Feed:
    """The journal of another service. After a page that takes too long, the ledger's next page is shorter."""

    FIRST_LIMIT = 64
    """Entries of the first shortened page; once such pages are quick, pages have their usual size again."""
    MAX_TIMEOUT = 16.0
    """Seconds that a single entry may take at most."""
    SHRINK_FACTOR = 4
    """Factor by which the next page is shorter."""
    QUICK_FRACTION = 0.25
    """Fraction of the timeout within which a page is quick enough for the next one to be longer."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client
        self._page_sizes: dict[LedgerId, _PageSize] = {}

    def page(self, ledger: LedgerId, after: int, *, max_timeout: float = TIMEOUT) -> FeedPage:
        """Returns a page of about 2 MB of a ledger's entries after a revision. Raises UpstreamTimeout: request again.

        The timeout of a single slow entry grows each time, up to `max_timeout` seconds.
        """
        pace, began = self._page_sizes.get(ledger), time.monotonic()
        path = f"/internal/journal/{ledger}?after={after}"
        try:
            if pace is None:
                return self._client.get(path, FeedPage)
            page = self._client.get(f"{path}&limit={pace.limit}", FeedPage, timeout=min(pace.timeout, max_timeout))
        except UpstreamTimeout:
            self._slow_down(ledger, pace)
            raise
        except NotFound:
            self._page_sizes.pop(ledger, None)  # the ledger was erased
            raise
        if time.monotonic() - began < pace.timeout * self.QUICK_FRACTION:
            self._speed_up(ledger, pace)
        return page

    def patient_page(self, ledger: LedgerId, after: int) -> FeedPage:
        """Like `page`, with shorter pages until one arrives in time. Raises UpstreamTimeout if no single entry does."""
        while True:
            try:
                return self.page(ledger, after, max_timeout=self.MAX_TIMEOUT)
            except UpstreamTimeout:
                pace = self._page_sizes.get(ledger)
                if pace is None or pace.timeout >= self.MAX_TIMEOUT:
                    raise

    def heads(self, after: UUID | None) -> HeadsPage:
        """Returns a page of journal heads, in the order of ledger ids."""
        return self._client.get(f"/internal/heads{'' if after is None else f'?after={after}'}", HeadsPage)

    def _slow_down(self, ledger: LedgerId, pace: _PageSize | None) -> None:
        if pace is None:
            self._page_sizes[ledger] = _PageSize(self.FIRST_LIMIT, TIMEOUT)
        elif pace.limit > 1:
            self._page_sizes[ledger] = _PageSize(pace.limit // self.SHRINK_FACTOR, TIMEOUT)
        else:
            self._page_sizes[ledger] = _PageSize(1, min(2 * pace.timeout, self.MAX_TIMEOUT))

    def _speed_up(self, ledger: LedgerId, pace: _PageSize) -> None:
        if pace.limit >= self.FIRST_LIMIT:
            self._page_sizes.pop(ledger, None)
        else:
            self._page_sizes[ledger] = _PageSize(pace.limit * self.SHRINK_FACTOR, TIMEOUT)
