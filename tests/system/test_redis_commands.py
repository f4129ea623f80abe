"""Any Redis from 6.2 to 8, and Valkey, which began as Redis 7.2, has all that the whole system asks of it."""

import re
from collections.abc import Iterator

import pytest
import redis

from deploy.local.home import Home
from tests.support.client import Client
from tests.support.stack import Stack
from tests.support.waiting import until

pytestmark = pytest.mark.stack

NEWEST = (6, 2)
SINCE = {
    (1, 0): "auth del exists expire flushall get incr incrby info llen lpush lrem ping rpop rpush sadd select set"
    " rename smembers srem ttl type",
    (1, 2): "discard exec multi zadd zcount zrange zrem",
    (2, 0): "brpop hdel hexists hget hgetall hlen hmget hset publish subscribe unsubscribe zrevrangebyscore",
    (2, 2): "unwatch watch",
    (2, 4): "client",  # the libraries introduce themselves by subcommands of later versions, and go on without
    (2, 6): "eval evalsha pexpire pttl script",
    (2, 8): "command pubsub",
    (4, 0): "memory",
    (5, 0): "xadd xdel xgroup xlen xrange xread xreadgroup xrevrange xtrim",
    (6, 0): "hello",
}
"""Commands that may be used, by the version that brought them."""
CALLS_OF_ITS_OWN = 2
"""Valkey counts two `CONFIG GET` of its own when it starts."""


@pytest.fixture
def its_redis(stack: Stack) -> Iterator[redis.Redis]:
    home = Home(stack.home)
    ports = home.running()
    assert ports
    with redis.Redis(port=ports["redis"], password=home.secrets().redis_password) as client:
        yield client


def use_everything(stack: Stack) -> None:
    """Signing in, writing, reading twice, insights by the worker: every process that talks to Redis does."""
    body = {"email": "commands@example.com", "password": "a long walk by the sea"}
    answer = Client(stack.base_url).post("/api/v1/auth/register", body)
    assert answer.status == 201, answer.body
    client = Client(stack.base_url, answer.json["access_token"])
    assert client.post("/api/v1/expenses", {"amount": "5", "category": "Food"}).status == 201
    for _ in range(2):
        assert client.get("/api/v1/summary?from=2026-01-01&to=2026-12-31").status == 200
    assert client.post("/api/v1/insights/refresh", {}).status == 202
    until(lambda: client.get("/api/v1/insights").json["status"] == "current", what="the worker to have run")


def test_only_commands_that_every_supported_server_has_are_used(stack: Stack, its_redis: redis.Redis) -> None:
    use_everything(stack)
    counted = its_redis.info("commandstats")
    assert isinstance(counted, dict)
    if counted.get("cmdstat_config|get", {}).get("calls") == CALLS_OF_ITS_OWN:
        del counted["cmdstat_config|get"]
    used = {re.sub(r"^cmdstat_|\|.*", "", name) for name in counted}
    assert {"xadd", "xreadgroup", "evalsha", "hget", "hset", "publish", "subscribe", "brpop"} <= used
    known = {name for since, names in SINCE.items() if since <= NEWEST for name in names.split()}
    assert used - known == set()
