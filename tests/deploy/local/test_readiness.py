"""Ready is what answers 200, and nothing else."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from deploy.local.ports import free_port
from deploy.local.readiness import is_ready


class ReadinessHandler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(int(self.path.strip("/")))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), ReadinessHandler) as running:
        threading.Thread(target=running.serve_forever).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_only_200_is_ready(server: str) -> None:
    assert is_ready(f"{server}/200")
    assert not is_ready(f"{server}/503")
    assert not is_ready(f"{server}/404")


def test_a_closed_port_is_not_ready() -> None:
    assert not is_ready(f"http://127.0.0.1:{free_port()}/200")
