"""The gateway's own calls to auth: routes under /internal that only it may call."""

from typing import TypeVar

import aiohttp
import orjson
from pydantic import BaseModel, ValidationError

from chassis.errors import Unavailable
from chassis.security.service_tokens import ServiceTokens
from contracts.identity import GenerationUses
from contracts.journal import FeedPage
from gateway.errors import ServiceUnavailable
from gateway.routes import Service
from gateway.upstreams.upstream import Upstream

M = TypeVar("M", bound=BaseModel)

_OK = 200
_NO_CONTENT = 204
_REFUSALS = frozenset({400, 401, 403, 404, 422})
"""Statuses by which auth refuses a token."""


class ExchangedToken(BaseModel):
    """The access token for an API token."""

    access_token: str


class AuthClient:
    """Client of auth's internal routes."""

    def __init__(self, upstream: Upstream, tokens: ServiceTokens) -> None:
        self._upstream = upstream
        self._tokens = tokens

    async def feed(self, after: int | None) -> FeedPage:
        """Returns the journal after a revision, or as far back as a valid token reaches. Raises Unavailable."""
        path = "/internal/identity" + ("" if after is None else f"?after={after}")
        status, body = await self._call("GET", path, None)
        if status != _OK:
            raise ServiceUnavailable(Service.AUTH)
        return _read(body, FeedPage)

    async def exchange(self, token: str) -> bytes | None:
        """Exchanges an API token for an access token; returns None if it is invalid. Raises Unavailable."""
        status, body = await self._call("POST", "/internal/token-exchange", orjson.dumps({"token": token}))
        if status in _REFUSALS:
            return None
        if status != _OK:
            raise ServiceUnavailable(Service.AUTH)
        return _read(body, ExchangedToken).access_token.encode()

    async def confirm(self, uses: GenerationUses) -> None:
        """Reports which generations of sessions are in use. Raises Unavailable."""
        status, _ = await self._call("POST", "/internal/generation-uses", uses.model_dump_json().encode())
        if status != _NO_CONTENT:
            raise ServiceUnavailable(Service.AUTH)

    async def _call(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        headers = [
            ("Authorization", f"Bearer {self._tokens.issue(Service.AUTH)}"),
            ("Content-Type", "application/json"),
        ]
        try:
            return await self._upstream.call(method, path, headers, body)
        except (aiohttp.ClientError, OSError) as error:
            raise ServiceUnavailable(Service.AUTH) from error


def _read(body: bytes, model: type[M]) -> M:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise Unavailable from error
