"""Passes requests on to the services and their answers back, both as streams."""

import asyncio
import contextlib
from collections.abc import Mapping

import aiohttp
from starlette.types import Receive

from chassis.errors import Unauthenticated
from contracts.cookies import SessionCookies
from gateway.errors import BrokenAnswerError, ServiceAway
from gateway.exchange import Exchange
from gateway.headers import of_the_api
from gateway.inbox import Inbox, while_client_stays
from gateway.onward import answer_headers, request_headers
from gateway.revocations import Revocations
from gateway.routing import Route, Service
from gateway.upstream import Ask, Upstream

HELD = 64 * 1024
"""Bytes of an answer that is sent in one piece, and not begun before all of it has come."""
_END = {"type": "http.response.body", "body": b""}


class Proxy:
    """The way to all services."""

    def __init__(
        self, upstreams: Mapping[Service, Upstream], cookies: SessionCookies, revocations: Revocations
    ) -> None:
        self._upstreams = upstreams
        self._cookies = cookies
        self._revocations = revocations

    async def forward(self, exchange: Exchange, route: Route, receive: Receive) -> None:
        """Answers with what the service says. Raises Problem, ClientLeftError or BrokenAnswerError."""
        inbox = Inbox(receive, exchange.fields.get(b"content-length"))
        upstream = self._upstreams[route.service]
        query: bytes = exchange.scope["query_string"]
        target = f"{exchange.path}?{query.decode()}" if query else exchange.path
        body = await inbox.open()
        headers = request_headers(exchange, self._cookies)
        if body is not None and not isinstance(body, bytes) and (length := exchange.fields.get(b"content-length")):
            headers.append(("Content-Length", length.decode()))
        ask = Ask(exchange.method, target, headers, body, inbox.failure, live=route.live)
        if route.live:
            await self._follow(exchange, upstream, ask, inbox)
            return
        whole = isinstance(body, bytes | None)
        with contextlib.nullcontext() if whole else upstream.uploads.place(exchange.caller):
            async with while_client_stays(inbox):
                await self._exchange(exchange, upstream, ask)

    async def _follow(self, exchange: Exchange, upstream: Upstream, ask: Ask, inbox: Inbox) -> None:
        """A live stream, which ends when its token is good no more: the browser then asks again, with a new one."""
        verified = exchange.session.verified
        watched = contextlib.nullcontext() if verified is None else self._revocations.follow(verified)
        with upstream.streams.place(exchange.caller):
            async with watched, while_client_stays(inbox):
                await self._exchange(exchange, upstream, ask)
        if not exchange.status:
            raise Unauthenticated

    async def _exchange(self, exchange: Exchange, upstream: Upstream, ask: Ask) -> None:
        response = await upstream.ask(ask)
        try:
            await _pass_on(exchange, response, live=ask.live)
        except (aiohttp.ClientError, OSError) as error:
            if not exchange.status:
                raise ServiceAway(upstream.service) from error
            raise BrokenAnswerError(repr(error)) from error
        finally:
            # A whole answer gives its connection back by itself; of any other the connection ends here.
            response.close()


async def _pass_on(exchange: Exchange, response: aiohttp.ClientResponse, *, live: bool) -> None:
    headers = answer_headers(response.raw_headers, of_the_api=of_the_api(exchange.path))
    length = response.content_length
    if length is not None and length <= HELD and not live:
        await exchange.reply(response.status, headers, await response.read())
        return
    if live:
        headers.append((b"x-accel-buffering", b"no"))
    await exchange.send({"type": "http.response.start", "status": response.status, "headers": headers})
    try:
        async for piece in response.content.iter_any():
            await exchange.send({"type": "http.response.body", "body": piece, "more_body": True})
    except (aiohttp.ClientError, OSError, asyncio.CancelledError):
        # A live stream may end anywhere; the browser simply opens the next one.
        if live:
            await exchange.send(_END)
        raise
    await exchange.send(_END)
