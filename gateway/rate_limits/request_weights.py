"""Counts the weight of a request beyond 1 against its caller's limit, by its route and the size of its body."""

from starlette.types import Message, Receive

from gateway.http.request_body import LARGEST_BODY
from gateway.rate_limits.caller_limits import CallerLimit, Refused
from gateway.request_context import Exchange, Pair
from gateway.routes import WEIGHED_BYTES, Limit, weight_of

_LIMIT_HEADERS = frozenset({b"ratelimit", b"ratelimit-policy"})
_OF_CALLER = f'"{Limit.CALLER}-'.encode()
"""What the values of the caller limit's headers begin with."""


def weighed(exchange: Exchange, limit: CallerLimit, receive: Receive) -> Receive:
    """Counts the weight that follows from the head. The returned `receive` counts the bytes of a chunked body.

    Both raise Refused.
    """
    assert exchange.route is not None  # noqa: S101 - only called for requests with a route
    weight = weight_of(exchange.route, exchange.method, exchange.path, exchange.scope["query_string"]) - 1
    declared = exchange.fields.get(b"content-length")
    if declared is not None and int(declared) <= LARGEST_BODY:
        weight += int(declared) // WEIGHED_BYTES
    if weight:
        _count_more(exchange, limit, weight)
    return _counting(exchange, limit, receive) if b"transfer-encoding" in exchange.fields else receive


def _count_more(exchange: Exchange, limit: CallerLimit, weight: int) -> None:
    exchange.weight += weight
    exchange.added = [pair for pair in exchange.added if not _is_of_caller(pair)]
    exchange.added += limit.count_more(exchange.caller, weight)


def _is_of_caller(pair: Pair) -> bool:
    # A named route has added the headers of its own limit by the time that its body arrives.
    return pair[0] in _LIMIT_HEADERS and pair[1].startswith(_OF_CALLER)


def _counting(exchange: Exchange, limit: CallerLimit, receive: Receive) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        before = seen // WEIGHED_BYTES
        seen += len(message.get("body", b""))
        if more := seen // WEIGHED_BYTES - before:
            try:
                _count_more(exchange, limit, more)
            except Refused as refusal:
                # The rest of the body is not read.
                refusal.headers["Connection"] = "close"
                raise
        return message

    return counted
