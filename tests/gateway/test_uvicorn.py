"""What the gateway's protocol relies on in uvicorn's `HttpToolsProtocol`, which uvicorn does not promise.

If a new version of uvicorn fails here, read gateway/http/protocol.py beside uvicorn's class before changing this test.
"""

import asyncio
from collections.abc import Iterable
from typing import Any

import httptools
import pytest
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from gateway.http.protocol import Protocol

CALLBACKS = ("on_message_begin", "on_header", "on_headers_complete", "on_body")
OVERRIDDEN = ("connection_made", "connection_lost", "data_received", *CALLBACKS)


class Transport(asyncio.Transport):
    """Takes what is written, and says whether it was closed."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.1", 4000), "sockname": ("192.0.2.2", 8000)})
        self.closed = False

    def write(self, data: Any) -> None:
        """Nothing is sent anywhere."""

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        """Nothing is read from anywhere."""

    def resume_reading(self) -> None:
        """Nothing is read from anywhere."""


async def never(_scope: object, _receive: object, _send: object) -> None:
    await asyncio.Event().wait()


def after(chunks: Iterable[bytes], calls: list[str]) -> HttpToolsProtocol:
    """uvicorn's own protocol after it received these bytes; the names of the callbacks go into `calls`."""

    class Recorder(HttpToolsProtocol):
        """Notes which callbacks the parser calls."""

    def recorded(name: str) -> Any:
        def call(self: Recorder, *arguments: bytes) -> None:
            calls.append(name)
            getattr(super(Recorder, self), name)(*arguments)

        return call

    for name in CALLBACKS:
        setattr(Recorder, name, recorded(name))

    async def receive() -> HttpToolsProtocol:
        config = Config(never, lifespan="off", log_config=None)
        config.load()
        protocol = Recorder(config, ServerState(), {})
        protocol.connection_made(Transport())
        for chunk in chunks:
            protocol.data_received(chunk)
        await asyncio.sleep(0)  # so that the app has begun
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return protocol

    return asyncio.run(receive())


@pytest.mark.parametrize("name", OVERRIDDEN)
def test_every_overridden_method_is_one_of_uvicorns(name: str) -> None:
    assert callable(getattr(HttpToolsProtocol, name, None))
    assert name in vars(Protocol)


def test_the_parser_calls_back_for_head_and_body() -> None:
    calls: list[str] = []
    head = b"POST /a HTTP/1.1\r\nHost: outlay.test\r\nContent-Length: 4\r\n\r\n"

    protocol = after([head, b"ab", b"cd"], calls)

    begin, end, body = "on_message_begin", "on_headers_complete", "on_body"
    assert calls == [begin, "on_header", "on_header", end, body, body]
    assert protocol.url == b"/a"
    assert protocol.headers == [(b"host", b"outlay.test"), (b"content-length", b"4")]
    assert protocol.client == ("192.0.2.1", 4000)
    assert protocol.cycle.body == b"abcd"
    assert protocol.cycle.more_body is False


def test_the_cycle_wants_more_body_until_its_end() -> None:
    protocol = after([b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab"], [])

    assert protocol.cycle.more_body is True


def test_a_trailer_field_is_reported_like_a_header_field() -> None:
    """Which is why the gateway ignores what comes after the end of the head."""
    calls: list[str] = []
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

    after([head, b"0\r\nOutlay-Via: forged\r\n\r\n"], calls)

    assert calls[-1] == "on_header"


def test_the_head_is_replaced_before_the_app_sees_it() -> None:
    """`on_headers_complete` reads `self.headers` and `self.url`, so what is changed before it counts."""
    seen: list[Any] = []

    async def app(scope: Any, _receive: object, _send: object) -> None:
        seen.append((scope["path"], scope["headers"]))

    class Changed(HttpToolsProtocol):
        """Takes another host."""

        def on_headers_complete(self) -> None:
            self.headers[0] = (b"host", b"other.test")
            super().on_headers_complete()

    async def receive() -> None:
        config = Config(app, lifespan="off", log_config=None)
        config.load()
        protocol = Changed(config, ServerState(), {})
        protocol.connection_made(Transport())
        protocol.data_received(b"GET http://outlay.test/b HTTP/1.1\r\nHost: outlay.test\r\n\r\n")
        for _ in range(5):
            await asyncio.sleep(0)

    asyncio.run(receive())

    assert seen == [("/b", [(b"host", b"other.test")])]


def test_httptools_reports_the_url_of_the_request_target_as_it_was_sent() -> None:
    urls: list[bytes] = []

    class Parsed:
        """The one callback that counts."""

        def on_url(self, url: bytes) -> None:
            urls.append(url)

    httptools.HttpRequestParser(Parsed()).feed_data(b"GET http://outlay.test/b HTTP/1.1\r\nHost: a\r\n\r\n")

    assert urls == [b"http://outlay.test/b"]
