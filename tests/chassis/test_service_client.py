"""A call to another service takes no longer than its own timeout, whatever the answer says."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from chassis.errors import Unavailable
from chassis.journal.feed import ServiceClient
from chassis.security.service_tokens import ServiceTokens
from contracts.journal import HeadsPage
from tests.support.serving import serving

KEYS = {"insights>expenses": SecretStr("a key for tests, of thirty-two bytes and more")}


class RefusingHandler:
    """Refuses the first request as a service with a damaged database does, and answers those after it."""

    def __init__(self, status: int) -> None:
        self.requests: list[str] = []
        self._status = status

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests.append(Request(scope).url.path)
        response: Response = JSONResponse({"items": [], "next_after": None})
        if len(self.requests) == 1:
            response = JSONResponse({}, self._status, {"Retry-After": "1"})
        await response(scope, receive, send)


@pytest.fixture(params=[429, 503])
def refusing(request: pytest.FixtureRequest) -> Iterator[tuple[RefusingHandler, ServiceClient]]:
    service = RefusingHandler(request.param)
    with serving(service, lifespan="off") as url:
        yield service, ServiceClient(url, "expenses", ServiceTokens("insights", KEYS))


def test_a_refusal_is_not_waited_out(refusing: tuple[RefusingHandler, ServiceClient]) -> None:
    """Retry-After is for the caller's own schedule: a sleep inside the call held readers for a minute."""
    service, client = refusing

    with pytest.raises(Unavailable):
        client.get("/internal/heads", HeadsPage)

    assert service.requests == ["/internal/heads"]
