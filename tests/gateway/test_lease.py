"""Ready answers are sent only while a relay vouches for the heads in Redis."""

import redis

from contracts.answers import LEASE_KEY
from tests.support.front_door import front_door
from tests.support.ready_answers import HIT, MISS, SUMMARY, status_of, store
from tests.support.redis import RedisServer
from tests.support.vouching import vouching
from tests.support.waiting import until


def test_without_a_lease_a_service_is_asked_and_finds_the_head_itself(redis_server: RedisServer) -> None:
    """Nobody can say how old the head in Redis is: to name it would make an old answer look new enough."""
    with front_door(redis_server.url, vouched=False) as door, redis.Redis.from_url(redis_server.url) as cache:
        account, client = door.person()
        store(cache, account)

        assert status_of(client.get(SUMMARY)) == MISS
        assert door.insights.last.one("outlay-wanted-revision") is None
        assert client.get("/api/v1/insights").status == 200
        assert door.insights.last.one("outlay-wanted-revision") is None

        with vouching(redis_server.url):
            until(lambda: status_of(client.get(SUMMARY)) == HIT, what="somebody to vouch")
        until(lambda: status_of(client.get(SUMMARY)) == MISS, what="the lease to end")
        assert door.insights.last.one("outlay-wanted-revision") is None


def test_a_lease_that_nobody_renews_ends_even_where_redis_does_not_let_it(redis_server: RedisServer) -> None:
    """As it looks where the clock of Redis' machine is put back: the key stays, and is never another one."""
    with front_door(redis_server.url, vouched=False) as door, redis.Redis.from_url(redis_server.url) as cache:
        account, client = door.person()
        store(cache, account)
        cache.set(LEASE_KEY, "renewed once", px=3_600_000)

        until(lambda: status_of(client.get(SUMMARY)) == HIT, what="a hit")
        until(lambda: status_of(client.get(SUMMARY)) == MISS, what="the lease to end")
        assert cache.exists(LEASE_KEY) == 1
