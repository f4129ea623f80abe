"""One connection to Redis on which everybody's commands are pipelined, and which never lets anyone wait long."""

import asyncio
from collections import deque
from typing import cast

from gateway.response_cache import resp

TIMEOUT = 0.075
"""Seconds for one answer. A Redis that takes longer is no help."""


class RedisConnection(asyncio.Protocol):
    """Commands out, replies back in the same order. Gives up as a whole when one reply is late."""

    def __init__(self) -> None:
        self.lost = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[asyncio.Future[resp.Reply], float]] = deque()
        self._outgoing: list[bytes] = []
        self._incoming = b""
        """The beginning of a reply whose rest has not come yet."""
        self._transport: asyncio.Transport | None = None
        self._watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def send(self, command: bytes) -> asyncio.Future[resp.Reply]:
        """A reply to come, or the connection's end as a ConnectionError."""
        future: asyncio.Future[resp.Reply] = self._loop.create_future()
        if self._transport is None or self._transport.is_closing():
            future.set_exception(ConnectionError("the connection is closed"))
            return future
        # What is asked within one turn of the loop goes out as one packet.
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
            while self._waiting and (found := resp.read(data, at)) is not None:
                reply, at = found
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
        """One timer watches over all: replies come in order, so the first that is waited for is the oldest."""
        self._watch = None
        if not self._waiting:
            return
        _, due = self._waiting[0]
        if due <= self._loop.time():
            self.abort()
        else:
            self._watch = self._loop.call_at(due, self._check_timeout)
