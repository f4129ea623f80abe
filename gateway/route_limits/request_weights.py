"""Counts the weight of a request beyond 1 against its caller's limit, by its route and the size of its body."""

from starlette.types import Message, Receive

from gateway.http.request_body import MAX_BODY_BYTES
from gateway.rate_limits.caller_limits import CallerLimiter, RateLimitExceededProblem
from gateway.request_context import Pair, RequestContext
from gateway.routes import WEIGHED_BYTES, Limit, weight_of

_LIMIT_HEADERS = frozenset({b"ratelimit", b"ratelimit-policy"})
_OF_CALLER = f'"{Limit.CALLER}-'.encode()
"""What the values of the caller limit's headers begin with."""


def count_weight(context: RequestContext, limit: CallerLimiter, receive: Receive) -> Receive:
    """Counts the weight that follows from the head. The returned `receive` counts the bytes of a chunked body.

    Both raise RateLimitExceededProblem.
    """
    assert context.route is not None  # noqa: S101 - only called for requests with a route
    weight = weight_of(context.route, context.method, context.path, context.scope["query_string"]) - 1
    declared = context.headers.get(b"content-length")
    if declared is not None and int(declared) <= MAX_BODY_BYTES:
        weight += int(declared) // WEIGHED_BYTES
    if weight:
        _count_more(context, limit, weight)
    return _counting(context, limit, receive) if b"transfer-encoding" in context.headers else receive


def _count_more(context: RequestContext, limit: CallerLimiter, weight: int) -> None:
    context.weight += weight
    context.response_headers = [pair for pair in context.response_headers if not _is_of_caller(pair)]
    context.response_headers += limit.count_more(context.caller, weight)


def _is_of_caller(pair: Pair) -> bool:
    # A named route has already added the headers of its own limit.
    return pair[0] in _LIMIT_HEADERS and pair[1].startswith(_OF_CALLER)


def _counting(context: RequestContext, limit: CallerLimiter, receive: Receive) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        before = seen // WEIGHED_BYTES
        seen += len(message.get("body", b""))
        if more := seen // WEIGHED_BYTES - before:
            try:
                _count_more(context, limit, more)
            except RateLimitExceededProblem as refusal:
                # The rest of the body is not read.
                refusal.headers["Connection"] = "close"
                raise
        return message

    return counted
