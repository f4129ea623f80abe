"""A gateway whose expenses service is a rude server."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.redis import RedisServer
from tests.support.scripted_server import ScriptedServer, http_response, scripted_server

READY = http_response(b"{}")


@contextmanager
def gateway_with_scripted_expenses(
    redis: RedisServer, *script: bytes
) -> Iterator[tuple[GatewayUnderTest, ScriptedServer]]:
    """A gateway whose expenses service is rude, but was ready once."""
    with (
        scripted_server(READY, *script) as upstream,
        gateway_under_test(redis.url, expenses_url=upstream.url) as gateway,
    ):
        yield gateway, upstream
