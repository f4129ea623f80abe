"""uvicorn's HTTP protocol with limits: `uvicorn --http gateway.http.protocol:Protocol`.

By itself uvicorn accepts connections without limit, waits indefinitely for the head and body of a request, and merges
trailer fields into the header fields, which bypasses the checks of a proxy in front of the gateway.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gateway.http.connections import ConnectionLimits
from gateway.request_context import MAX_HEAD_BYTES

BODY_TIMEOUT = 70.0
"""Seconds for the body of a request, also if the app does not read it; `request_body` is stricter while it reads."""
HEAD_TIMEOUT = 20.0
"""Seconds for the head of a request, from its first byte; and for the first byte on a new connection."""

_REFUSAL = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Protocol(HttpToolsProtocol):
    """One connection of a client."""

    _head_since: float | None = None
    """Loop time of the start of an incomplete head; None between heads."""
    _body_since: float | None = None
    """Loop time of the first bytes of the current request's body; None before them."""
    _head_size = 0
    _watch: asyncio.TimerHandle | None = None
    _counted: ConnectionLimits | None = None
    """Set while this connection is counted."""
    _address = "unknown"

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._watch = self.loop.call_later(HEAD_TIMEOUT, self._check_timeouts)
        self._address = self.client[0] if self.client else self._address
        connections = _connections_of(self.config.loaded_app)
        if (refusal := connections.open(self._address)) is not None:
            transport.write(refusal)
            transport.close()
            return
        self._counted = connections
        self._head_since = self.loop.time()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._watch is not None:
            self._watch.cancel()
        if self._counted is not None:
            self._counted.close(self._address)
            self._counted = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head_since is None or self.transport.is_closing():
            return
        # The app checks the size of a complete head, but never sees one that does not end.
        self._head_size += len(data)
        if self._head_size > MAX_HEAD_BYTES:
            self.transport.write(_REFUSAL)
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_since = self.loop.time()
        self._body_since = None
        self._head_size = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._head_since is not None:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._take_authority()
        super().on_headers_complete()
        self._head_since = None

    def _take_authority(self) -> None:
        """In absolute form, the host of the request target replaces the `Host` field (RFC 9112, section 3.2.2)."""
        if not self.url.startswith((b"/", b"*")):
            hosts = [number for number, (name, _) in enumerate(self.headers) if name == b"host"]
            if len(hosts) == 1:
                self.headers[hosts[0]] = (b"host", _authority_of(self.url))

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        if self._body_since is None:
            self._body_since = self.loop.time()

    def _check_timeouts(self) -> None:
        """One timer per connection, not per request: a late client is disconnected after one to two times the limit."""
        now = self.loop.time()
        if self.transport.is_closing():
            # A client that does not read the unsent rest would keep the connection open indefinitely.
            self.transport.abort()
            return
        head_is_late = _is_late(self._head_since, HEAD_TIMEOUT, now)
        # uvicorn leaves `more_body` true if the response was sent before the end of the body.
        if head_is_late or (getattr(self.cycle, "more_body", False) and _is_late(self._body_since, BODY_TIMEOUT, now)):
            self.transport.close()
        self._watch = self.loop.call_later(HEAD_TIMEOUT, self._check_timeouts)


def _authority_of(url: bytes) -> bytes:
    """The authority of a URL, between `//` and the path; an invalid host if it has none."""
    return url.partition(b"://")[2].partition(b"/")[0].partition(b"?")[0] or b"?"


def _is_late(since: float | None, timeout: float, now: float) -> bool:
    return since is not None and now - since >= timeout


def _connections_of(app: Any) -> ConnectionLimits:  # noqa: ANN401 - uvicorn may have wrapped the app in middleware
    while not isinstance(connections := getattr(app, "connections", None), ConnectionLimits):
        app = app.app
    return connections
