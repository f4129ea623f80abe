"""uvicorn's HTTP, bounded: `uvicorn --http gateway.http_protocol:Protocol`.

By itself it takes the head of a request for as long as one likes to send it, and hands on fields that come after the
body as if they had stood in the head: past whoever in front of us has looked at that.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gateway.exchange import LARGEST_HEAD

PATIENCE = 20.0
"""Seconds for the head of a request, from its first byte; and for the first byte on a new connection."""

_REFUSAL = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Protocol(HttpToolsProtocol):
    """One connection of a client."""

    _head_since: float | None = None
    """When the head began that has not come to its end; None between heads."""
    _head_size = 0
    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._head_since = self.loop.time()
        self._watch = self.loop.call_later(PATIENCE, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head_since is None or self.transport.is_closing():
            return
        # Of a head that ends with these bytes the door knows the size; one that never ends, it never sees.
        self._head_size += len(data)
        if self._head_size > LARGEST_HEAD:
            self.transport.write(_REFUSAL)
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_since = self.loop.time()
        self._head_size = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._head_since is not None:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._head_since = None

    def _look(self) -> None:
        """One timer a connection, not one a request: a slow head is cut off after once to twice the time."""
        if self._head_since is not None and self.loop.time() - self._head_since >= PATIENCE:
            self.transport.close()
        else:
            self._watch = self.loop.call_later(PATIENCE, self._look)
