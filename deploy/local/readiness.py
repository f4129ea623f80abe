"""Checks over HTTP whether a program is ready."""

import socket
from urllib.parse import urlsplit

TIMEOUT = 2.0


def is_ready(url: str) -> bool:
    """Whether it responds 200. Without http.client, which would cost the supervisor a fifth of its memory."""
    address = urlsplit(url)
    request = f"GET {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((address.hostname, address.port or 80), TIMEOUT) as connection:
            connection.sendall(request.encode())
            with connection.makefile("rb") as answer:
                return answer.readline(100).split()[1:2] == [b"200"]
    except OSError:
        return False
