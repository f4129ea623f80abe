"""No client of Redis waits for ever, nor tries again and again by itself."""

import pytest
import redis

from chassis.redis.client import connect, connect_async
from gateway.route_limits.named_routes import REDIS_TIMEOUT, limiter
from gateway.route_limits.storage import GuardedRedisStorage
from gateway.settings import Settings
from services.insights.insights.broker import celery_app
from tests.support.gateway_under_test import PUBLIC
from tests.support.identity_feed import KEYS

URL = "redis://127.0.0.1:1/0"


def test_every_client_has_all_of_its_timeouts() -> None:
    for client in (connect(URL), connect_async(URL)):
        told = client.connection_pool.connection_kwargs
        assert 0 < told["socket_connect_timeout"] <= 1
        assert 0 < told["socket_timeout"] <= 2
        assert told["retry"].get_retries() == 1
    queue = celery_app(URL).conf.broker_transport_options
    assert (queue["socket_connect_timeout"], queue["socket_timeout"], queue["health_check_interval"]) == (2, 10, 10)


def test_counts_of_sign_ins_are_asked_for_once_and_briefly() -> None:
    told = dict.fromkeys(("auth_url", "expenses_url", "insights_url", "jwks_url"), "http://127.0.0.1:1")
    settings = Settings.model_validate({**told, "redis_url": URL, "outlay_public_url": PUBLIC, "service_keys": KEYS})
    storage = limiter(settings)._storage
    assert isinstance(storage, GuardedRedisStorage)
    client = storage.storage
    assert isinstance(client, redis.Redis)
    kwargs = client.connection_pool.connection_kwargs
    assert (kwargs["socket_connect_timeout"], kwargs["socket_timeout"]) == (REDIS_TIMEOUT, REDIS_TIMEOUT)
    assert kwargs["retry"].get_retries() == 0
    with pytest.raises(redis.ConnectionError):
        client.ping()
