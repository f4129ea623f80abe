"""Named routes with limits of slowapi. Allowed requests are then forwarded like any other.

The counts are in Redis, so they hold across instances. Without Redis each instance counts for itself.
The routes are plain functions: slowapi's storage is synchronous, and must block a thread instead of the event loop.
"""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response
from limits import RateLimitItem
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from slowapi import Limiter
from slowapi.errors import RateLimitExceeded
from starlette.types import Receive, Scope, Send

from gateway.client_addresses import network_key
from gateway.rate_limits.caller_limits import (
    RateLimitExceededProblem,
    RemainingQuota,
    name_of,
    policy_of,
    seconds_until,
)
from gateway.request_context import SCOPE_KEY, RequestContext
from gateway.route_limits.refresh_keys import RefreshKeys
from gateway.route_limits.storage import SCHEME
from gateway.routes import NAMED_ROUTES, Limit
from gateway.settings import Settings

REDIS_TIMEOUT = 0.05
"""Seconds. A slower Redis counts as unavailable, and is not used again at once."""


class NoResponse(Response):
    """Sends nothing: the gateway responds, according to the request context."""

    async def __call__(self, _: Scope, __: Receive, ___: Send) -> None:
        """Sends nothing."""


class RedisLimiter(Limiter):
    """slowapi's limiter, whose check always counts a request somewhere.

    When several threads find at the same moment that Redis does not respond, slowapi falls back to memory for one of
    them only; it leaves the others uncounted, and without the `view_rate_limit` that their endpoints read.
    """

    def _check_request_limit(self, request: Request, *rest: Any) -> None:  # noqa: ANN401 - slowapi's own arguments
        super()._check_request_limit(request, *rest)
        if not hasattr(request.state, "view_rate_limit"):
            super()._check_request_limit(request, *rest)


def limiter(settings: Settings) -> Limiter:
    """Creates slowapi's limiter, which neither blocks nor fails with Redis."""
    options: dict[str, Any] = {
        "socket_timeout": REDIS_TIMEOUT,
        "socket_connect_timeout": REDIS_TIMEOUT,
        "retry": Retry(NoBackoff(), 0),
    }
    return RedisLimiter(
        key_func=_address,
        key_style="endpoint",  # by default, each path would have a separate limit
        storage_uri=SCHEME + settings.redis_url.get_secret_value(),
        storage_options=options,
        in_memory_fallback_enabled=True,
        swallow_errors=True,
    )


def install(app: FastAPI, limits: Limiter, settings: Settings) -> None:
    """Adds the routes of NAMED_ROUTES, and the handler of exceeded limits."""
    _add_routes(app, limits, settings)

    @app.exception_handler(RateLimitExceeded)
    def refuse(request: Request, _: Exception) -> Response:
        exchange: RequestContext = request.scope[SCOPE_KEY]
        item, standing = _quota(limits, request)
        kind = NAMED_ROUTES[exchange.method, exchange.path].limit
        reset = standing.reset if standing else item.get_expiry()
        exchange.refusal = RateLimitExceededProblem(
            RemainingQuota(0, reset), name_of(item, kind), policy_of(str(item), kind)
        )
        return NoResponse()


def _add_routes(app: FastAPI, limits: Limiter, settings: Settings) -> None:
    bounds = {
        Limit.SIGN_IN: limits.limit(settings.gateway_sign_in_limit),
        Limit.REFRESH: limits.limit(settings.gateway_refresh_limit, key_func=_by_session(settings)),
        Limit.ASK: limits.limit(settings.gateway_ask_limit, key_func=_caller),
        Limit.CALLER: limits.limit(settings.gateway_rate_limit, key_func=_caller),
    }
    for (method, path), route in NAMED_ROUTES.items():
        app.add_api_route(path, bounds[route.limit](_endpoint(limits, path)), methods=[method])


def _endpoint(limits: Limiter, path: str) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        return _allow(limits, request)

    endpoint.__name__ = path  # slowapi counts by this name
    return endpoint


def _allow(limits: Limiter, request: Request) -> Response:
    exchange: RequestContext = request.scope[SCOPE_KEY]
    kind = NAMED_ROUTES[exchange.method, exchange.path].limit
    item, standing = _quota(limits, request)
    exchange.response_headers.append((b"ratelimit-policy", policy_of(str(item), kind).encode()))
    if standing:
        exchange.response_headers.append((b"ratelimit", standing.header_item(name_of(item, kind)).encode()))
    exchange.is_allowed = True
    return NoResponse()


def _quota(limits: Limiter, request: Request) -> tuple[RateLimitItem, RemainingQuota | None]:
    """Returns the limit that slowapi has counted, and its quota; None if Redis does not respond in time."""
    item, key = request.state.view_rate_limit
    try:
        reset, remaining = limits.limiter.get_window_stats(item, *key)
    except (RedisError, ValueError):  # counted by now, or with the next request; only the header is missing
        return item, None
    return item, RemainingQuota(remaining, seconds_until(reset, item.get_expiry()))


def _address(request: Request) -> str:
    exchange: RequestContext = request.scope[SCOPE_KEY]
    return network_key(exchange.address)


def _by_session(settings: Settings) -> Callable[[Request], str]:
    keys = RefreshKeys(settings.cookies)

    def key(request: Request) -> str:
        exchange: RequestContext = request.scope[SCOPE_KEY]
        return keys.session(exchange.headers, exchange.address)

    return key


def _caller(request: Request) -> str:
    exchange: RequestContext = request.scope[SCOPE_KEY]
    return exchange.caller
