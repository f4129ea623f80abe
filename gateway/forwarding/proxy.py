"""Forwards requests to the services, and streams their responses."""

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
from gateway.client_addresses import network_key
from gateway.errors import BrokenResponseError, ClientLeftError, ServiceUnavailable
from gateway.forwarding.header_policy import request_headers, response_headers
from gateway.http.request_body import RequestBody, until_client_disconnects
from gateway.http.response_headers import is_api_path
from gateway.request_context import Pair, RequestContext
from gateway.routes import Pool, Route, Service
from gateway.upstreams.bulkhead import BulkheadSlot
from gateway.upstreams.upstream import Upstream, UpstreamRequest

MAX_BUFFERED_BYTES = 64 * 1024
"""Largest response, in bytes, that is read completely before it is sent."""
READ_TIMEOUT = 30.0
"""Seconds for a client to read the next 64 KiB or so of a response."""
_END = {"type": "http.response.body", "body": b""}


class Proxy:
    """Forwards requests to all services."""

    def __init__(
        self, upstreams: Mapping[Service, Upstream], cookies: SessionCookies, revocations: Revocations, pace: float
    ) -> None:
        """`pace` is the time in seconds between a caller's requests if they are spread evenly over its limit."""
        self._pace = pace
        self._upstreams = upstreams
        self._cookies = cookies
        self._revocations = revocations

    async def forward(self, context: RequestContext, route: Route, receive: Receive) -> None:
        """Forwards a request, and sends the response. Raises Problem, ClientLeftError or BrokenResponseError."""
        body = RequestBody(receive, context.headers.get(b"content-length"))
        upstream, network = self._upstreams[route.service], network_key(context.address)
        with ExitStack() as held:
            if not await body.is_short():
                held.enter_context(upstream.limits.uploads.acquire(context.caller, network))
            request = self._upstream_request(context, route, await body.read())
            forwarding = _Forwarding(context, route, upstream, request, body)
            if route.pool is Pool.LIVE:
                held.enter_context(upstream.limits.streams.acquire(context.caller, network))
                await self._follow(forwarding)
            else:
                await self._send(forwarding)

    def _upstream_request(self, context: RequestContext, route: Route, body: bytes | None) -> UpstreamRequest:
        query: bytes = context.scope["query_string"]
        target = f"{context.path}?{query.decode()}" if query else context.path
        headers = request_headers(context, self._cookies)
        return UpstreamRequest(context.method, target, headers, body, live=route.live, caller=context.caller)

    async def _send(self, forwarding: "_Forwarding") -> None:
        context = forwarding.context
        # Expensive requests are spread evenly while other callers are active.
        pause = context.weight * self._pace if context.weight > 1 else 0.0
        forwarding.upstream.require_closed(context.caller)  # otherwise it would wait for a slot only to be refused
        async with until_client_disconnects(forwarding.body):
            with await forwarding.upstream.limits.acquire(
                forwarding.route, context.method, context.caller, pause
            ) as slot:
                await self._request(forwarding, slot)

    async def _follow(self, forwarding: "_Forwarding") -> None:
        """Forwards a live stream, which ends when its token is refused: the browser then reconnects with a new one."""
        verified = forwarding.context.session.verified
        watched = contextlib.nullcontext() if verified is None else self._revocations.follow(verified)
        async with watched, until_client_disconnects(forwarding.body):
            await self._request(forwarding, None)
        if not forwarding.context.status:
            raise Unauthenticated

    async def _request(self, forwarding: "_Forwarding", slot: BulkheadSlot | None) -> None:
        response = await forwarding.upstream.request(forwarding.request)
        try:
            await self._respond(forwarding, response, slot)
        except (aiohttp.ClientError, OSError) as error:
            if not forwarding.context.status:
                raise ServiceUnavailable(forwarding.upstream.service) from error
            raise BrokenResponseError(repr(error)) from error
        finally:
            # A complete response returns its connection to the pool; any other connection is closed here.
            response.close()

    async def _respond(
        self, forwarding: "_Forwarding", response: aiohttp.ClientResponse, slot: BulkheadSlot | None
    ) -> None:
        context = forwarding.context
        headers = response_headers(response.raw_headers, of_the_api=is_api_path(context.path))
        length = response.content_length
        if length is not None and length <= MAX_BUFFERED_BYTES and not forwarding.route.live:
            body = await response.read()
            if slot is not None:
                slot.release()
            await context.respond(response.status, headers, body)
        elif forwarding.route.live:
            headers.append((b"x-accel-buffering", b"no"))
            await _stream(context, response, headers, live=True)
        elif forwarding.route.pool is Pool.SHARED and slot is not None:
            # The client determines how long this takes, so a slow one holds a slot of another pool.
            with await forwarding.upstream.limits.acquire_large(context.caller):
                slot.release()
                await _stream(context, response, headers)
        else:
            await _stream(context, response, headers)


class _Forwarding(NamedTuple):
    """A request on its way to a service."""

    context: RequestContext
    route: Route
    upstream: Upstream
    request: UpstreamRequest
    body: RequestBody


async def _stream(
    context: RequestContext, response: aiohttp.ClientResponse, headers: list[Pair], *, live: bool = False
) -> None:
    await context.send({"type": "http.response.start", "status": response.status, "headers": headers})
    try:
        async for piece in response.content.iter_any():
            await _send_piece(context, piece)
    except (aiohttp.ClientError, OSError, asyncio.CancelledError):
        # A live stream may end anywhere; the browser reconnects.
        if live:
            await context.send(_END)
        raise
    await context.send(_END)


async def _send_piece(context: RequestContext, piece: bytes) -> None:
    """Raises ClientLeftError if the client has not read the previous data within READ_TIMEOUT."""
    try:
        async with asyncio.timeout(READ_TIMEOUT):
            await context.send({"type": "http.response.body", "body": piece, "more_body": True})
    except TimeoutError:
        raise ClientLeftError from None
