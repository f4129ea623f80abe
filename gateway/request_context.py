"""One request on its way through the gateway."""

import re
import time
from collections.abc import Mapping

from starlette.types import Message, Scope, Send
from uuid_utils import uuid7

from chassis.errors import BadRequest
from contracts.headers import REQUEST_ID
from gateway.authentication.sessions import ANONYMOUS, RequestSession
from gateway.errors import HeadTooLarge
from gateway.rate_limits.caller_limits import RateLimitExceededProblem
from gateway.routes import Route

Pair = tuple[bytes, bytes]

SCOPE_KEY = "outlay.exchange"
"""Key of the request context in the ASGI scope of FastAPI's routes. The text is from before a renaming."""

_REQUEST_ID = REQUEST_ID.lower().encode()
_CLIENT_REQUEST_ID = re.compile(rb"[A-Za-z0-9\-]{8,64}")
MAX_HEAD_BYTES = 16 * 1024
"""Bytes of all header fields of a request; a token that names 32 ledgers has 2,500."""
_HTTP_VERSIONS = frozenset({"1.0", "1.1"})
_SINGLE_HEADERS = frozenset(
    name.encode()
    for name in (
        *("authorization", "content-length", "content-type", "cookie", "host", "if-match", "origin"),
        *("idempotency-key", "outlay-client", "outlay-min-revision", "transfer-encoding", "x-request-id"),
    )
)
"""Header fields that must not be repeated: two readers might each use a different one."""


class RequestContext:
    """A request, its client, and the state of its response."""

    __slots__ = (
        *("_send", "address", "cache", "caller", "headers", "is_allowed", "is_local", "label", "method", "path"),
        *("refusal", "request_id", "required_revision", "response_headers", "route", "scope", "session", "started"),
        *("status", "weight"),
    )

    def __init__(self, scope: Scope, send: Send, address: str) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.path: str = scope["raw_path"].decode("latin-1")
        self.headers: Mapping[bytes, bytes] = dict(scope["headers"])
        self.address = address
        """The client's IP address."""
        self.session: RequestSession = ANONYMOUS
        self.weight = 1
        """Weight against the caller's limit."""
        self.caller = ""
        """The rate-limit key."""
        self.route: Route | None = None
        self.label = "other"
        """Name in the metrics: one of few, whatever path was requested."""
        self.required_revision: int | None = None
        self.cache: str | None = None
        self.is_local = False
        """Whether it is from this machine while the gateway listens on loopback only. Set for requests to auth."""
        self.is_allowed = False
        """Whether a limit of a named route allows the request."""
        self.refusal: RateLimitExceededProblem | None = None
        """Set if the request exceeds the limit of its named route."""
        self.status = 0
        """Status of the response; 0 until it has begun."""
        self.response_headers: list[Pair] = []
        """Headers that are added to the response, whichever part creates it."""
        self.started = time.perf_counter()
        given = self.headers.get(_REQUEST_ID, b"")
        self.request_id = given.decode() if _CLIENT_REQUEST_ID.fullmatch(given) else uuid7().hex
        self._send = send

    async def send(self, message: Message) -> None:
        """Sends a part of the response, with the added headers."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", ()), *self.response_headers]
        await self._send(message)

    async def respond(self, status: int, headers: list[Pair], body: bytes) -> None:
        """Sends a whole response at once."""
        self.status = status
        await self._send(
            {"type": "http.response.start", "status": status, "headers": [*headers, *self.response_headers]}
        )
        await self._send({"type": "http.response.body", "body": body})

    def require_plain_headers(self) -> None:
        """Raises BadRequest for an ambiguous head, and HeadTooLarge for a long one."""
        pairs, fields = self.scope["headers"], self.headers
        if sum(len(name) + len(value) for name, value in pairs) > MAX_HEAD_BYTES:
            raise HeadTooLarge(MAX_HEAD_BYTES)
        version = self.scope["http_version"]
        if version not in _HTTP_VERSIONS or (b"host" not in fields and version != "1.0"):
            raise _ambiguous("This is not valid HTTP/1.1.")
        if fields.get(b"transfer-encoding", b"chunked").lower() != b"chunked":
            raise _ambiguous("Only `Transfer-Encoding: chunked` is supported.")
        if len(pairs) == len(fields):
            return
        names = [name for name, _ in pairs]
        if any(names.count(name) > 1 for name in _SINGLE_HEADERS):
            raise _ambiguous("A header that must not be repeated was sent twice.")


def _ambiguous(detail: str) -> BadRequest:
    # The end of the request may be ambiguous too, so nothing more is read on that connection.
    return BadRequest(detail, headers={"Connection": "close"})
