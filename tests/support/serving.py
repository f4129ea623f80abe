"""Serves an ASGI app on a loopback port in a thread of the test's own process."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from tests.support.waiting import until


@contextmanager
def serving(app: Any, port: int = 0, **options: Any) -> Iterator[str]:
    """Yields the base URL, on a free port where none is named; `options` are uvicorn's."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        port = listener.getsockname()[1]
        # As in the embedded stack, no proxy is believed about a client's address.
        told = {"log_config": None, "lifespan": "on", "timeout_graceful_shutdown": 1, "proxy_headers": False, **options}
        config = uvicorn.Config(app, **told)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            until(lambda: server.started or not thread.is_alive(), what="the server to start")
            assert server.started, "the app failed to start; its log says why"
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)
