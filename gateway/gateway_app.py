"""The gateway's ASGI app: authenticates and limits a request, then answers from cache, forwards or calls FastAPI."""

import asyncio
import logging
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.errors import BadRequest, InternalError, MethodNotAllowed, Problem
from chassis.http.problems import respond
from chassis.process.logging import request_id
from contracts.headers import REQUEST_ID
from gateway.authentication.csrf import CrossSiteGuard
from gateway.authentication.first_uses import FirstUses
from gateway.authentication.revocations import Revocations
from gateway.authentication.sessions import Authenticator
from gateway.client_addresses import TrustedProxies, network_key
from gateway.errors import BrokenResponseError, ClientLeftError
from gateway.forwarding.proxy import Proxy
from gateway.http import response_headers
from gateway.http.connections import ConnectionLimits
from gateway.http.cors import Cors
from gateway.http.hosts import KnownHosts
from gateway.operations.proxy_notice import ProxyNotice
from gateway.operations.request_log import RequestLog
from gateway.rate_limits.caller_limits import CallerLimiter, RateLimitExceededProblem
from gateway.request_context import SCOPE_KEY, Pair, RequestContext
from gateway.response_cache.fast_path import CachedResponseReader
from gateway.route_limits.refresh_keys import RefreshKeys
from gateway.route_limits.request_weights import count_weight
from gateway.routes import HEALTH, METHODS, NAMED_ROUTES, OPEN_PATHS, REFRESH, Service, find, is_normal_form

log = logging.getLogger(__name__)

_REQUEST_ID = REQUEST_ID.lower().encode()
CLIENT_LEFT = 499
"""In the log and the metrics only: the client has disconnected before a response."""


@dataclass(frozen=True)
class GatewayApp:
    """The components of the gateway, in the order in which a request passes them."""

    request_log: RequestLog
    proxies: TrustedProxies
    proxy_notice: ProxyNotice
    connections: ConnectionLimits
    """For gateway/http/protocol.py, which counts connections before any request."""
    hosts: KnownHosts
    security_headers: list[Pair]
    cors: Cors
    sessions: Authenticator
    first_uses: FirstUses
    refresh_keys: RefreshKeys
    caller_limit: CallerLimiter
    cross_site_guard: CrossSiteGuard
    revocations: Revocations
    cached_responses: CachedResponseReader
    proxy: Proxy
    app: ASGIApp
    """FastAPI: health, the docs, the web app's files, the named routes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request, or the lifespan of the app."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        context = RequestContext(scope, send, self.proxies.address_of(scope))
        request_id.set(context.request_id)
        self.proxy_notice.check(context.headers, context.address)
        try:
            await self._admit(context, receive)
        except RateLimitExceededProblem as refusal:
            await asyncio.sleep(self.caller_limit.refuse(context.caller or network_key(context.address)))
            await _respond(context, receive, refusal)
        except Problem as problem:
            await _respond(context, receive, problem)
        except ClientLeftError:
            context.status = CLIENT_LEFT
        except BrokenResponseError as error:
            log.warning("a service broke off its response", extra={"path": context.path, "error": str(error)})
        except asyncio.CancelledError:
            # The server is shutting down. A live stream loses nothing.
            if context.route is None or not context.route.live:
                raise
        except Exception:
            log.exception("unexpected error", extra={"path": context.path})
            await _respond(context, receive, InternalError())
        finally:
            self.request_log.record(context)

    async def _admit(self, context: RequestContext, receive: Receive) -> None:
        scope, fields = context.scope, context.headers
        context.response_headers = [*self.security_headers, (_REQUEST_ID, context.request_id.encode())]
        if context.path in HEALTH:
            await self.app(scope, receive, context.send)
            return
        if response_headers.is_api_path(context.path):
            context.response_headers += response_headers.API_HEADERS
        context.response_headers += self.cors.headers(fields.get(b"origin"))
        context.require_plain_headers()
        self.hosts.check(fields.get(b"host"))
        session = self.sessions.cached(fields) or await self.sessions.authenticate(fields, context.address)
        context.session = session
        if session.verified is not None:
            self.first_uses.record(session.verified)
        context.caller = session.verified.caller if session.verified else self._anonymous_key(context)
        context.response_headers += self.caller_limit.count(context.caller)
        if not is_normal_form(scope["raw_path"], scope["query_string"]):
            raise BadRequest("The address of this request is not in its normal form.")
        if context.method not in METHODS:
            raise MethodNotAllowed("That method is not known here.")
        if self.cors.is_preflight(context.method, fields):
            await context.respond(204, self.cors.preflight(fields[b"origin"]), b"")
            return
        self.cross_site_guard.check(context.method, context.path, fields)
        await self._dispatch(context, receive)

    def _anonymous_key(self, context: RequestContext) -> str:
        """Returns the rate-limit key of a request without a valid access token."""
        if context.path == REFRESH:
            return self.refresh_keys.caller(context.headers, context.address)
        return network_key(context.address)

    async def _dispatch(self, context: RequestContext, receive: Receive) -> None:
        named = NAMED_ROUTES.get((context.method, context.path))
        context.route = route = named or find(context.path)
        context.label = "web" if route is None else route.prefix
        if route is not None and context.session.authorization is not None and context.path not in OPEN_PATHS:
            if not self.revocations.is_settled(context.session.verified):
                await self.revocations.settle(context.session.verified)
            self.revocations.check(context.session.verified)
        if route is not None and not (route.cacheable and context.method == "GET"):
            receive = count_weight(context, self.caller_limit, receive)
        if route is None or named is not None:
            context.response_headers += response_headers.PAGE_HEADERS
            context.scope[SCOPE_KEY] = context
            await self.app(context.scope, receive, context.send)
            if context.refusal is not None:
                raise context.refusal
            if route is None or not context.is_allowed:
                return
        elif context.method == "GET":
            if route.cacheable and await self.cached_responses.serve(context):
                return
            if route.needs_head:
                await self.cached_responses.require_head(context)
        context.is_local = route.service is Service.AUTH and self.hosts.is_local(context.scope, context.headers)
        await self.proxy.forward(context, route, receive)


async def _respond(context: RequestContext, receive: Receive, problem: Problem) -> None:
    if not context.status:
        await respond(problem)(context.scope, receive, context.send)
