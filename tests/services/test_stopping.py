"""Services that stop leave nothing open."""

from redis import Redis

from tests.support.all_services import all_services
from tests.support.databases import Databases
from tests.support.redis import RedisServer
from tests.support.waiting import until


def test_they_close_their_connections_to_redis(databases: Databases, redis_server: RedisServer) -> None:
    with Redis.from_url(redis_server.url) as client:
        with all_services(databases, redis_server.url) as running:
            ada = running.new_user("Ada")
            ada.spend(ada.id)
            assert ada.total(ada.id) == "12.50"
            until(lambda: len(client.client_list()) > 3, what="each service to connect")

        until(lambda: len(client.client_list()) == 1, what="this test's connection to be the only one")
