"""Reads another service's journal over HTTP: the way to whatever the stream did not bring."""

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
from contracts.journal import FeedPage, HeadsPage

M = TypeVar("M", bound=BaseModel)

EVERYTHING = 2**62
"""A revision that asks for all that a journal has."""


TIMEOUT = 2.0
"""Seconds for which the other service may be silent."""
WHOLE = 3
"""How many times that long all of an answer may take: one that comes drop by drop is none."""
LARGEST = 64 * 1024 * 1024
"""Bytes of one answer. A page of the feed that is larger is asked for in parts."""


class Unreadable(Unavailable):
    """The other service is there, but fails at this very question: others need not wait for its answer."""


class TooSlow(Unavailable):
    """The answer takes too long, or is too large: a part of it may not be."""


class _Retry(urllib3.Retry):
    """Once more after a connection that broke; what took too long once would only take as long again."""

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: urllib3.BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: Any = None,  # noqa: ANN401 - urllib3's own arguments
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """Raises what it is not to be tried again for."""
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
        """One GET, its answer read as the model. Raises TooSlow where the service is silent for `timeout` seconds."""
        return self._call("GET", path, model, timeout=urllib3.Timeout(connect=0.5, read=timeout))

    def post(self, path: str, body: BaseModel, model: type[M], *, patience: float) -> M:
        """One POST, which may take that many seconds; its answer read as the model."""
        timeout = urllib3.Timeout(connect=0.5, read=patience)
        return self._call("POST", path, model, body=body.model_dump_json(), timeout=timeout)

    def _call(self, method: str, path: str, model: type[M], **how: Any) -> M:  # noqa: ANN401 - urllib3's options
        headers = {"Authorization": f"Bearer {self._tokens.issue(self._callee)}", "Content-Type": "application/json"}
        if current := request_id.get():
            headers[REQUEST_ID] = current
        try:
            answer = self._http.request(method, self._base + path, headers=headers, preload_content=False, **how)
            data = _whole(answer, how["timeout"].read_timeout * WHOLE)
        except HTTPError as error:
            reason = error.reason if isinstance(error, MaxRetryError) else error
            raise (TooSlow if isinstance(reason, ReadTimeoutError) else Unavailable) from error
        if answer.status == 404:  # noqa: PLR2004 - the well-known one
            raise NotFound
        if answer.status == 500:  # noqa: PLR2004 - as above
            raise Unreadable
        if answer.status != 200:  # noqa: PLR2004 - as above
            raise Unavailable
        try:
            return model.model_validate_json(data)
        except ValidationError as error:
            raise Unreadable from error


def _whole(answer: urllib3.BaseHTTPResponse, seconds: float) -> bytes:
    """The body. Raises TooSlow where it does not come in time, or has no end."""
    deadline, body = time.monotonic() + seconds, bytearray()
    with contextlib.closing(answer):  # a connection that was read to its end is kept all the same
        for piece in answer.stream(256 * 1024):
            body += piece
            if time.monotonic() > deadline or len(body) > LARGEST:
                raise TooSlow
        answer.release_conn()
    return bytes(body)


class _Pace(NamedTuple):
    """How a ledger is read whose pages took too long."""

    limit: int
    """Entries a page."""
    timeout: float


class Feed:
    """A journal as its readers see it. Where a page takes too long, the next one for that ledger is shorter."""

    FIRST_LIMIT = 64
    """Entries of the first page that is shorter than usual; once such are read quickly, pages are as usual again."""
    LONGEST = 16.0
    """Seconds that a single entry may take, in the end."""
    SHORTER = 4
    """How many times shorter the next page is."""
    QUICK = 0.25
    """Part of the time allowed, within which a page is quick enough for the next one to be longer."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client
        self._paces: dict[UUID, _Pace] = {}

    def page(self, ledger: UUID, after: int, *, longest: float = TIMEOUT) -> FeedPage:
        """The entries of a ledger after a revision, a page of about 2 MB. Raises TooSlow: then ask again.

        A single entry that takes too long is waited for longer each time, up to `longest` seconds.
        """
        pace, began = self._paces.get(ledger), time.monotonic()
        path = f"/internal/journal/{ledger}?after={after}"
        try:
            if pace is None:
                return self._client.get(path, FeedPage)
            page = self._client.get(f"{path}&limit={pace.limit}", FeedPage, timeout=min(pace.timeout, longest))
        except TooSlow:
            self._slow_down(ledger, pace)
            raise
        except NotFound:
            self._paces.pop(ledger, None)  # the ledger was erased
            raise
        if time.monotonic() - began < pace.timeout * self.QUICK:
            self._speed_up(ledger, pace)
        return page

    def patient_page(self, ledger: UUID, after: int) -> FeedPage:
        """As `page`, shorter each time until one comes in time. Raises TooSlow where a single entry does not."""
        while True:
            try:
                return self.page(ledger, after, longest=self.LONGEST)
            except TooSlow:
                pace = self._paces.get(ledger)
                if pace is None or pace.timeout >= self.LONGEST:
                    raise

    def heads(self, after: UUID | None) -> HeadsPage:
        """Where the journals end, ledger by ledger."""
        return self._client.get(f"/internal/heads{'' if after is None else f'?after={after}'}", HeadsPage)

    def _slow_down(self, ledger: UUID, pace: _Pace | None) -> None:
        if pace is None:
            self._paces[ledger] = _Pace(self.FIRST_LIMIT, TIMEOUT)
        elif pace.limit > 1:
            self._paces[ledger] = _Pace(pace.limit // self.SHORTER, TIMEOUT)
        else:
            self._paces[ledger] = _Pace(1, min(2 * pace.timeout, self.LONGEST))

    def _speed_up(self, ledger: UUID, pace: _Pace) -> None:
        if pace.limit >= self.FIRST_LIMIT:
            self._paces.pop(ledger, None)
        else:
            self._paces[ledger] = _Pace(pace.limit * self.SHORTER, TIMEOUT)
