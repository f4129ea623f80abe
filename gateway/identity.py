"""What the gateway asks of auth on its own account: the routes under /internal that only it may call."""

from typing import TypeVar

import aiohttp
from pydantic import BaseModel, ValidationError

from chassis.errors import Unavailable
from chassis.service_tokens import ServiceTokens
from contracts.journal import FeedPage
from gateway.errors import ServiceAway
from gateway.routing import Service
from gateway.upstream import Upstream

M = TypeVar("M", bound=BaseModel)

OK = 200


class Identity:
    """auth, as the gateway itself talks to it."""

    def __init__(self, upstream: Upstream, tokens: ServiceTokens) -> None:
        self._upstream = upstream
        self._tokens = tokens

    async def feed(self, after: int | None) -> FeedPage:
        """The journal after a revision, or as far back as a living token reaches. Raises Unavailable."""
        path = "/internal/identity" + ("" if after is None else f"?after={after}")
        status, said = await self._call("GET", path, None)
        if status != OK:
            raise ServiceAway(Service.AUTH)
        return _read(said, FeedPage)

    async def _call(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        headers = [
            ("Authorization", f"Bearer {self._tokens.issue(Service.AUTH)}"),
            ("Content-Type", "application/json"),
        ]
        try:
            return await self._upstream.call(method, path, headers, body)
        except (aiohttp.ClientError, OSError) as error:
            raise ServiceAway(Service.AUTH) from error


def _read(said: bytes, model: type[M]) -> M:
    try:
        return model.model_validate_json(said)
    except ValidationError as error:
        raise Unavailable from error
