"""Passes requests on to the services, and their answers back as streams."""

import asyncio
import contextlib
from collections.abc import Mapping
from contextlib import ExitStack
from typing import NamedTuple

import aiohttp
from starlette.types import Receive

from chassis.errors import Unauthenticated
from contracts.cookies import SessionCookies
from gateway.authentication.revocations import Revocations
from gateway.client_addresses import caller_at
from gateway.errors import BrokenAnswerError, ClientLeftError, ServiceAway
from gateway.http.request_body import Inbox, while_client_stays
from gateway.http.response_headers import of_the_api
from gateway.request_context import Exchange, Pair
from gateway.routes import Pool, Route, Service
from gateway.upstreams.bulkhead import Place
from gateway.upstreams.header_policy import answer_headers, request_headers
from gateway.upstreams.upstream import Ask, Upstream

HELD = 64 * 1024
"""Largest response, in bytes, that is read completely before it is sent."""
READ_TIMEOUT = 30.0
"""Seconds for a client to read the next 64 KiB or so of a response."""
_END = {"type": "http.response.body", "body": b""}


class Proxy:
    """The way to all services."""

    def __init__(
        self, upstreams: Mapping[Service, Upstream], cookies: SessionCookies, revocations: Revocations, pace: float
    ) -> None:
        """`pace` is how many seconds apart a caller's requests are, if they are spread evenly over its limit."""
        self._pace = pace
        self._upstreams = upstreams
        self._cookies = cookies
        self._revocations = revocations

    async def forward(self, exchange: Exchange, route: Route, receive: Receive) -> None:
        """Answers with what the service says. Raises Problem, ClientLeftError or BrokenAnswerError."""
        inbox = Inbox(receive, exchange.fields.get(b"content-length"))
        upstream, network = self._upstreams[route.service], caller_at(exchange.address)
        with ExitStack() as held:
            if not await inbox.is_short():
                held.enter_context(upstream.places.uploads.place(exchange.caller, network))
            ask = self._ask(exchange, route, await inbox.read())
            way = _Way(exchange, route, upstream, ask, inbox)
            if route.pool is Pool.LIVE:
                held.enter_context(upstream.places.streams.place(exchange.caller, network))
                await self._follow(way)
            else:
                await self._send(way)

    def _ask(self, exchange: Exchange, route: Route, body: bytes | None) -> Ask:
        query: bytes = exchange.scope["query_string"]
        target = f"{exchange.path}?{query.decode()}" if query else exchange.path
        headers = request_headers(exchange, self._cookies)
        return Ask(exchange.method, target, headers, body, live=route.live, caller=exchange.caller)

    async def _send(self, way: "_Way") -> None:
        exchange = way.exchange
        # Expensive requests are spread evenly while other callers are active.
        pause = exchange.weight * self._pace if exchange.weight > 1 else 0.0
        way.upstream.require_closed(exchange.caller)  # else it would wait for a place only to be refused
        async with while_client_stays(way.inbox):
            with await way.upstream.places.take(way.route, exchange.method, exchange.caller, pause) as place:
                await self._exchange(way, place)

    async def _follow(self, way: "_Way") -> None:
        """A live stream, which ends when its token is good no more: the browser then asks again, with a new one."""
        verified = way.exchange.session.verified
        watched = contextlib.nullcontext() if verified is None else self._revocations.follow(verified)
        async with watched, while_client_stays(way.inbox):
            await self._exchange(way, None)
        if not way.exchange.status:
            raise Unauthenticated

    async def _exchange(self, way: "_Way", place: Place | None) -> None:
        response = await way.upstream.ask(way.ask)
        try:
            await self._pass_on(way, response, place)
        except (aiohttp.ClientError, OSError) as error:
            if not way.exchange.status:
                raise ServiceAway(way.upstream.service) from error
            raise BrokenAnswerError(repr(error)) from error
        finally:
            # A whole answer gives its connection back by itself; of any other the connection ends here.
            response.close()

    async def _pass_on(self, way: "_Way", response: aiohttp.ClientResponse, place: Place | None) -> None:
        exchange = way.exchange
        headers = answer_headers(response.raw_headers, of_the_api=of_the_api(exchange.path))
        length = response.content_length
        if length is not None and length <= HELD and not way.route.live:
            body = await response.read()
            if place is not None:
                place.release()
            await exchange.reply(response.status, headers, body)
        elif way.route.live:
            headers.append((b"x-accel-buffering", b"no"))
            await _stream(exchange, response, headers, live=True)
        elif way.route.pool is Pool.SHARED and place is not None:
            # The client decides how long this takes, so a slow reader holds a place of another pool.
            with await way.upstream.places.take_large(exchange.caller):
                place.release()
                await _stream(exchange, response, headers)
        else:
            await _stream(exchange, response, headers)


class _Way(NamedTuple):
    """A request and where it goes."""

    exchange: Exchange
    route: Route
    upstream: Upstream
    ask: Ask
    inbox: Inbox


async def _stream(
    exchange: Exchange, response: aiohttp.ClientResponse, headers: list[Pair], *, live: bool = False
) -> None:
    await exchange.send({"type": "http.response.start", "status": response.status, "headers": headers})
    try:
        async for piece in response.content.iter_any():
            await _send_piece(exchange, piece)
    except (aiohttp.ClientError, OSError, asyncio.CancelledError):
        # A live stream may end anywhere; the browser simply opens the next one.
        if live:
            await exchange.send(_END)
        raise
    await exchange.send(_END)


async def _send_piece(exchange: Exchange, piece: bytes) -> None:
    """Raises ClientLeftError if the client has not read the previous data within READ_TIMEOUT."""
    try:
        async with asyncio.timeout(READ_TIMEOUT):
            await exchange.send({"type": "http.response.body", "body": piece, "more_body": True})
    except TimeoutError:
        raise ClientLeftError from None
