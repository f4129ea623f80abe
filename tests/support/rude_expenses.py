"""A gateway whose expenses service is a rude server."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.front_door import GatewayUnderTest, gateway_under_test
from tests.support.redis import RedisServer
from tests.support.rude_server import RudeServer, rude_server, said

READY = said(b"{}")


@contextmanager
def behind(redis: RedisServer, *script: bytes) -> Iterator[tuple[GatewayUnderTest, RudeServer]]:
    """A gateway whose expenses service is rude, but was ready once."""
    with rude_server(READY, *script) as rude, gateway_under_test(redis.url, expenses_url=rude.url) as door:
        yield door, rude
