"""The one ASGI app in front: who asks, from where, how often; then a ready answer, a service, or FastAPI."""

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
from gateway.authentication.sessions import Sessions
from gateway.client_addresses import TrustedProxies, caller_at
from gateway.errors import BrokenAnswerError, ClientLeftError
from gateway.http import response_headers
from gateway.http.connections import Connections
from gateway.http.cors import Cors
from gateway.http.hosts import KnownHosts
from gateway.operations.proxy_notice import ProxyNotice
from gateway.operations.request_log import Observer
from gateway.rate_limits.caller_limits import CallerLimit, Refused
from gateway.rate_limits.refresh_keys import RefreshKeys
from gateway.rate_limits.request_weights import weighed
from gateway.request_context import KEY, Exchange, Pair
from gateway.response_cache.fast_path import ReadyAnswers
from gateway.routes import HEALTH, METHODS, NAMED, OPEN, REFRESH, Service, find, is_normal
from gateway.upstreams.proxy import Proxy

log = logging.getLogger(__name__)

_REQUEST_ID = REQUEST_ID.lower().encode()
CLIENT_LEFT = 499
"""In the log and the metrics only: there was nobody left to be told a status."""


@dataclass(frozen=True)
class Door:
    """The parts of the door, in the order in which a request meets them."""

    observer: Observer
    proxies: TrustedProxies
    proxy_notice: ProxyNotice
    connections: Connections
    """For gateway/http/protocol.py, which counts connections before there is a request."""
    hosts: KnownHosts
    security: list[Pair]
    cors: Cors
    sessions: Sessions
    first_uses: FirstUses
    refresh_keys: RefreshKeys
    limit: CallerLimit
    guard: CrossSiteGuard
    revocations: Revocations
    answers: ReadyAnswers
    proxy: Proxy
    inside: ASGIApp
    """FastAPI: health, the docs, the web app's files, the named routes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the life of the app."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.inside(scope, receive, send)
            return
        exchange = Exchange(scope, send, self.proxies.address_of(scope))
        request_id.set(exchange.request_id)
        self.proxy_notice.look(exchange.fields, exchange.address)
        try:
            await self._let_in(exchange, receive)
        except Refused as refusal:
            await asyncio.sleep(self.limit.refuse(exchange.caller or caller_at(exchange.address)))
            await _tell(exchange, receive, refusal)
        except Problem as problem:
            await _tell(exchange, receive, problem)
        except ClientLeftError:
            exchange.status = CLIENT_LEFT
        except BrokenAnswerError as error:
            log.warning("a service broke off its answer", extra={"path": exchange.path, "error": str(error)})
        except asyncio.CancelledError:
            # The server is going down. Of a live stream nothing is lost.
            if exchange.route is None or not exchange.route.live:
                raise
        except Exception:
            log.exception("unexpected error", extra={"path": exchange.path})
            await _tell(exchange, receive, InternalError())
        finally:
            self.observer.note(exchange)

    async def _let_in(self, exchange: Exchange, receive: Receive) -> None:
        scope, fields = exchange.scope, exchange.fields
        exchange.added = [*self.security, (_REQUEST_ID, exchange.request_id.encode())]
        if exchange.path in HEALTH:
            await self.inside(scope, receive, exchange.send)
            return
        if response_headers.of_the_api(exchange.path):
            exchange.added += response_headers.PRIVATE
        exchange.added += self.cors.headers(fields.get(b"origin"))
        exchange.require_plain_headers()
        self.hosts.check(fields.get(b"host"))
        session = self.sessions.remembered(fields) or await self.sessions.of(fields, exchange.address)
        exchange.session = session
        if session.verified is not None:
            self.first_uses.note(session.verified)
        exchange.caller = session.verified.caller if session.verified else self._stranger(exchange)
        exchange.added += self.limit.count(exchange.caller)
        if not is_normal(scope["raw_path"], scope["query_string"]):
            raise BadRequest("The address of this request is not in its normal form.")
        if exchange.method not in METHODS:
            raise MethodNotAllowed("That method is not known here.")
        if self.cors.is_preflight(exchange.method, fields):
            await exchange.reply(204, self.cors.preflight(fields[b"origin"]), b"")
            return
        self.guard.check(exchange.method, exchange.path, fields)
        await self._send_on(exchange, receive)

    def _stranger(self, exchange: Exchange) -> str:
        """The rate-limit key of a request without a valid access token."""
        if exchange.path == REFRESH:
            return self.refresh_keys.caller(exchange.fields, exchange.address)
        return caller_at(exchange.address)

    async def _send_on(self, exchange: Exchange, receive: Receive) -> None:
        named = NAMED.get((exchange.method, exchange.path))
        exchange.route = route = named or find(exchange.path)
        exchange.label = "web" if route is None else route.prefix
        if route is not None and exchange.session.authorization is not None and exchange.path not in OPEN:
            if not self.revocations.is_settled(exchange.session.verified):
                await self.revocations.settle(exchange.session.verified)
            self.revocations.check(exchange.session.verified)
        if route is not None and not (route.cacheable and exchange.method == "GET"):
            receive = weighed(exchange, self.limit, receive)
        if route is None or named is not None:
            exchange.added += response_headers.OF_PAGES
            exchange.scope[KEY] = exchange
            await self.inside(exchange.scope, receive, exchange.send)
            if exchange.refusal is not None:
                raise exchange.refusal
            if route is None or not exchange.passed:
                return
        elif exchange.method == "GET":
            if route.cacheable and await self.answers.serve(exchange):
                return
            if route.told_head:
                await self.answers.note_head(exchange)
        exchange.is_local = route.service is Service.AUTH and self.hosts.is_local(exchange.scope, exchange.fields)
        await self.proxy.forward(exchange, route, receive)


async def _tell(exchange: Exchange, receive: Receive, problem: Problem) -> None:
    if not exchange.status:
        await respond(problem)(exchange.scope, receive, exchange.send)
