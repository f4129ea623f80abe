"""Which headers are forwarded: an allowlist for requests, so that no header can claim an identity, address or route."""

from collections.abc import Iterable

from chassis.errors import BadRequest
from contracts.cookies import SessionCookies
from contracts.headers import ADDRESS, IDEMPOTENCY_KEY, LOOPBACK, MIN_REVISION, REQUEST_ID, REQUIRED_REVISION, VIA
from gateway.authentication.sessions import cookie
from gateway.request_context import Pair, RequestContext
from gateway.routes import READS_COOKIES, Service

_FORWARDED = frozenset(
    name.lower().encode()
    for name in (
        *("Accept", "Accept-Encoding", "Accept-Language", "Content-Encoding", "Content-Type"),
        *("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "Range", "Last-Event-ID"),
        *("User-Agent", IDEMPOTENCY_KEY, MIN_REVISION),
    )
)

_HOP_BY_HOP = frozenset(
    name.encode()
    for name in (
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"),
        *("te", "trailer", "transfer-encoding", "upgrade"),
    )
)
"""Hop-by-hop headers, which concern one connection only."""

_GATEWAY_OWN = frozenset((b"date", b"server", REQUEST_ID.lower().encode()))
"""Response headers that the gateway sets itself."""
_GATEWAY_OWN_API = _GATEWAY_OWN | {b"cache-control", b"vary"}
_CORS = b"access-control-"


def request_headers(context: RequestContext, cookies: SessionCookies) -> list[tuple[str, str]]:
    """Returns the headers for the service. Raises BadRequest if one is not text."""
    hidden = _named_by_connection(context.scope["headers"])
    pairs = [(name, value) for name, value in context.scope["headers"] if name in _FORWARDED and name not in hidden]
    try:
        sent = [(name.decode(), value.decode()) for name, value in pairs]
        return sent + _gateway_headers(context, cookies)
    except UnicodeDecodeError as error:
        raise BadRequest("A header of this request is not text.") from error


def _gateway_headers(context: RequestContext, cookies: SessionCookies) -> list[tuple[str, str]]:
    session = context.session
    sent = [
        (REQUEST_ID, context.request_id),
        (VIA, session.via.value),
        ("X-Forwarded-For", context.address),
        ("X-Forwarded-Proto", "https" if cookies.secure else "http"),
        ("X-Forwarded-Host", context.headers.get(b"host", b"").decode()),
    ]
    if session.authorization is not None:
        sent.append(("Authorization", session.authorization.decode()))
    if context.required_revision is not None:
        sent.append((REQUIRED_REVISION, str(context.required_revision)))
    if context.route is not None and context.route.service is Service.AUTH:
        sent.append((ADDRESS, context.address))
        if context.is_local:
            sent.append((LOOPBACK, "true"))
    if context.path in READS_COOKIES:
        sent += _cookies(context, cookies)
    return sent


def _cookies(context: RequestContext, names: SessionCookies) -> list[tuple[str, str]]:
    header = context.headers.get(b"cookie", b"")
    cookies = [(name, cookie(header, name.encode()).decode()) for name in (names.access, names.refresh)]
    text = "; ".join(f"{name}={value}" for name, value in cookies if value)
    return [("Cookie", text)] if text else []


def response_headers(headers: Iterable[Pair], *, of_the_api: bool) -> list[Pair]:
    """Returns the headers of a service's response for the client."""
    lowered = [(name.lower(), value) for name, value in headers]
    hidden = _HOP_BY_HOP | _named_by_connection(lowered) | (_GATEWAY_OWN_API if of_the_api else _GATEWAY_OWN)
    return [pair for pair in lowered if pair[0] not in hidden and not pair[0].startswith(_CORS)]


def _named_by_connection(headers: Iterable[Pair]) -> frozenset[bytes]:
    return frozenset(
        one.strip().lower() for name, value in headers if name == b"connection" for one in value.split(b",")
    )
