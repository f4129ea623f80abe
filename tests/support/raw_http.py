"""HTTP as bytes, for requests that no decent client would send, and for hanging up in the middle."""

import http.client
import selectors
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlsplit


class RawResponse(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@contextmanager
def connection(base: str) -> Iterator[socket.socket]:
    address = urlsplit(base)
    assert address.hostname
    assert address.port
    with socket.create_connection((address.hostname, address.port), timeout=30) as open_socket:
        yield open_socket


def raw(base: str, request: bytes) -> RawResponse:
    """The answer to these bytes."""
    with connection(base) as open_socket:
        open_socket.sendall(request)
        return read_response(open_socket, request.split(b" ", 1)[0].decode())


def read_response(open_socket: socket.socket, method: str = "GET") -> RawResponse:
    answer = http.client.HTTPResponse(open_socket, method=method)
    answer.begin()
    return RawResponse(answer.status, answer.headers, answer.read())


def readable(sockets: Iterable[socket.socket]) -> list[socket.socket]:
    """Those with an answer to read, once there is one; empty after 30 s."""
    with selectors.DefaultSelector() as selector:
        for open_socket in sockets:
            selector.register(open_socket, selectors.EVENT_READ, open_socket)
        return [key.data for key, _ in selector.select(timeout=30)]


def request(method: str, target: str | bytes, *headers: str, body: bytes = b"") -> bytes:
    """A request with exactly these header lines, and a Host."""
    line = target if isinstance(target, bytes) else target.encode()
    lines = [b"%b %b HTTP/1.1" % (method.encode(), line), b"Host: localhost", *(one.encode() for one in headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
