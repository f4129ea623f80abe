"""A service that says what it was asked, or whatever a test wants it to say; real HTTP, no meaning."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from starlette.types import Receive, Scope, Send

from contracts.identity import GenerationUse, GenerationUses
from tests.support.identity_feed import IdentityFeed
from tests.support.issuer import Issuer

RequestHandler = Callable[["ReceivedRequest", Receive, Send], Awaitable[None]]


class ReceivedRequest(NamedTuple):
    """A request as it arrived."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known == name.lower()]

    def one(self, name: str) -> str | None:
        values = self.all(name)
        assert len(values) <= 1
        return values[0] if values else None


class StubService:
    def __init__(self, name: str, issuer: Issuer) -> None:
        self.name = name
        self.requests: list[ReceivedRequest] = []
        self.ready = True
        self.handler: RequestHandler = self.echo
        self.feed = IdentityFeed()
        """What the gateway reads of auth."""
        self.api_tokens: dict[str, str] = {}
        """What auth trades them for."""
        self.exchanged: list[str] = []
        self.exchange_handler: RequestHandler = self.exchange
        self.uses: list[GenerationUse] = []
        """What the gateway has reported, and was confirmed."""
        self.accepts_reports = True
        self._keys = json.dumps(issuer.jwks()).encode()

    @property
    def last(self) -> ReceivedRequest:
        return self.requests[-1]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["path"] == "/readyz":
            await reply(send, status=200 if self.ready else 503)
        elif scope["path"] == "/.well-known/jwks.json":
            headers = [("content-type", "application/json"), ("cache-control", "public, max-age=300")]
            await reply(send, self._keys, headers=headers)
        elif scope["path"] == "/internal/identity":
            status, page = self.feed.answer(dict(scope["headers"]).get(b"authorization", b""), scope["query_string"])
            await reply(send, page, status=status)
        elif scope["path"] == "/internal/token-exchange":
            token = json.loads(await _read(receive))["token"]
            self.exchanged.append(token)
            await self.exchange_handler(ReceivedRequest(scope["method"], token, [], b""), receive, send)
        elif scope["path"] == "/internal/generation-uses":
            said = GenerationUses.model_validate_json(await _read(receive))
            self.uses += said.uses if self.accepts_reports else ()
            await reply(send, status=204 if self.accepts_reports else 503)
        else:
            body = await _read(receive)
            query = scope["query_string"].decode()
            target = scope["raw_path"].decode() + (f"?{query}" if query else "")
            headers = [(name.decode(), value.decode()) for name, value in scope["headers"]]
            received = ReceivedRequest(scope["method"], target, headers, body)
            self.requests.append(received)
            await self.handler(received, receive, send)

    async def exchange(self, received: ReceivedRequest, _: Receive, send: Send) -> None:
        token = self.api_tokens.get(received.target)
        body = {"access_token": token, "expires_in": 600} if token else {"type": "urn:outlay:problem:unauthenticated"}
        await reply(send, json.dumps(body).encode(), status=200 if token else 401)

    async def echo(self, received: ReceivedRequest, _: Receive, send: Send) -> None:
        said: dict[str, Any] = {"service": self.name, "target": received.target, "length": len(received.body)}
        await reply(send, json.dumps(said).encode(), headers=[("content-type", "application/json")])


async def reply(
    send: Send, body: bytes = b"", *, status: int = 200, headers: list[tuple[str, str]] | None = None
) -> None:
    """A whole answer."""
    sent = [(name.encode(), value.encode()) for name, value in headers or []]
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*sent, length]})
    await send({"type": "http.response.body", "body": body})


async def _read(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
