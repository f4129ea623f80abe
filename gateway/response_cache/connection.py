"""One connection to Redis that pipelines the commands of all requests, with a short time-out."""

import asyncio
from collections import deque
from typing import cast

from gateway.response_cache import resp

TIMEOUT = 0.075
"""Seconds for one reply. A slower Redis is of no use."""


class RedisConnection(asyncio.Protocol):
    """Sends commands and receives replies in the same order. Aborts when one reply is late."""

    def __init__(self) -> None:
        self.lost = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[asyncio.Future[resp.Reply], float]] = deque()
        self._outgoing: list[bytes] = []
        self._incoming = b""
        """The beginning of an incomplete reply."""
        self._transport: asyncio.Transport | None = None
        self._watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def send(self, command: bytes) -> asyncio.Future[resp.Reply]:
        """Sends a command; returns its future reply, or a ConnectionError when the connection ends."""
        future: asyncio.Future[resp.Reply] = self._loop.create_future()
        if self._transport is None or self._transport.is_closing():
            future.set_exception(ConnectionError("the connection is closed"))
            return future
        # Commands within one turn of the loop are sent as one packet.
        if not self._outgoing:
            self._loop.call_soon(self._flush)
        self._outgoing.append(command)
        self._waiting.append((future, self._loop.time() + TIMEOUT))
        if self._watch is None:
            self._watch = self._loop.call_later(TIMEOUT, self._check_timeout)
        return future

    def data_received(self, data: bytes) -> None:
        data = self._incoming + data
        at = 0
        try:
            while self._waiting and (parsed := resp.read(data, at)) is not None:
                reply, at = parsed
                future, _ = self._waiting.popleft()
                if not future.done():
                    future.set_result(reply)
        except ValueError:
            self.abort()
        self._incoming = data[at:]

    def connection_lost(self, _: Exception | None) -> None:
        self.abort()

    def abort(self) -> None:
        """Closes the connection; every waiting request fails now."""
        if self._transport is not None:
            self._transport.abort()
        if self._watch is not None:
            self._watch.cancel()
        while self._waiting:
            future, _ = self._waiting.popleft()
            if not future.done():
                future.set_exception(ConnectionError("Redis did not answer"))
        self.lost.set()

    def _flush(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"".join(self._outgoing))
        self._outgoing.clear()

    def _check_timeout(self) -> None:
        """One timer for all commands: replies arrive in order, so the first one is the oldest."""
        self._watch = None
        if not self._waiting:
            return
        _, due = self._waiting[0]
        if due <= self._loop.time():
            self.abort()
        else:
            self._watch = self._loop.call_at(due, self._check_timeout)
