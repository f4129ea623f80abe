"""A TCP server that follows a script: what to do with the first connection, the second, and so on."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

CLOSE = b""
"""Close without a word."""
SILENCE = b"(silence)"
"""Take the request and say nothing."""


class ScriptedServer:
    """Counts its connections; after the script it repeats the last line."""

    def __init__(self, script: Sequence[bytes]) -> None:
        self._script = list(script)
        self._kept: list[socket.socket] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            line = self._script[min(self.connections, len(self._script) - 1)]
            self.connections += 1
            if line != CLOSE:
                client.recv(65536)
            if line == SILENCE:
                self._kept.append(client)
                continue
            client.sendall(line)
            client.close()

    def close(self) -> None:
        # Closing alone would leave the thread in `accept`.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for client in self._kept:
            client.close()


@contextmanager
def scripted_server(*script: bytes) -> Iterator[ScriptedServer]:
    server = ScriptedServer(script)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    yield server
    server.close()
    thread.join(timeout=10)


def http_response(body: bytes, status: str = "200 OK") -> bytes:
    """A whole answer as bytes."""
    return b"HTTP/1.1 %b\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (status.encode(), len(body), body)
