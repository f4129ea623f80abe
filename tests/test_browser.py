"""The browser that other tests drive is a real one, with its safety on."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser


class StaticPage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<title>a page</title>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), StaticPage) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.browser
def test_it_runs_scripts_and_keeps_origins_apart(browser: Browser) -> None:
    fetch = "url => fetch(url).then(() => 'read', () => 'refused')"
    with site() as ours, site() as theirs, browser.new_context() as context:
        page = context.new_page()
        page.goto(ours)

        assert page.title() == "a page"
        assert page.evaluate(fetch, ours) == "read"
        assert page.evaluate(fetch, theirs) == "refused"
