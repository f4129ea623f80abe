"""The book behind a server that takes for ever over pages of one ledger that are longer than it likes."""

import asyncio
from uuid import UUID

import urllib3
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from chassis.journal.feed import TIMEOUT, M, ServiceClient
from tests.support.stub_service import reply

TIMEOUT_DIVISOR = 8
"""How many times sooner than in real life its reader gives up."""


class SlowFeed:
    """An ASGI app. `slow` are the ledgers that are slow, `most` is how many entries of them come in time."""

    def __init__(self, book: str) -> None:
        self.slow: set[UUID] = set()
        self.most = 2
        self.held = 0
        """Requests that were not answered in time."""
        self._book = book
        self._http = urllib3.PoolManager()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        limit = int(request.query_params.get("limit", 10_000))
        if limit > self.most and any(str(ledger) in request.url.path for ledger in self.slow):
            self.held += 1
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        url = f"{self._book}{request.url.path}?{request.url.query}"
        response = await asyncio.to_thread(self._http.request, "GET", url, headers=dict(request.headers))
        await reply(send, response.data, status=response.status)


class ImpatientClient(ServiceClient):
    """Waits for a fraction of the time."""

    def get(self, path: str, model: type[M], *, timeout: float = TIMEOUT) -> M:
        return super().get(path, model, timeout=timeout / TIMEOUT_DIVISOR)
