"""What auth itself writes down when a session ends is what the gateway refuses by."""

from collections.abc import Iterator

import pytest

from gateway.authentication import journal_reader
from tests.support.auth import Auth, migrate, running_auth, settings
from tests.support.client import Client
from tests.support.databases import Databases
from tests.support.gateway_with_auth import gateway_with_auth
from tests.support.redis import RedisServer
from tests.support.waiting import until


@pytest.fixture(scope="module")
def auth(databases: Databases, shared_redis: RedisServer) -> Iterator[Auth]:
    url = databases.copy_of("auth", migrate)
    with running_auth(settings(url, redis_url=shared_redis.url)) as instance:
        yield instance
    databases.drop(url)


def test_an_ended_session_is_refused_and_stays_so_after_a_restart(auth: Auth, shared_redis: RedisServer) -> None:
    mine, other = auth.register("a@example.org"), auth.login("a@example.org")
    with gateway_with_auth(auth, shared_redis.url) as gateway:
        here, there = Client(gateway.url, mine.access), Client(gateway.url, other.access)
        assert there.get("/api/v1/expenses").status == 200
        ended = next(one["id"] for one in here.get("/api/v1/auth/sessions").json["items"] if not one["current"])

        assert here.delete(f"/api/v1/auth/sessions/{ended}").status == 204

        until(lambda: there.get("/api/v1/expenses").status == 401, what="the ended session to be refused")
        assert there.get("/api/v1/auth/me").status == 401
        assert here.get("/api/v1/expenses").status == 200
    with gateway_with_auth(auth, shared_redis.url) as gateway:
        assert Client(gateway.url, other.access).get("/api/v1/expenses").status == 401
        assert Client(gateway.url, mine.access).get("/api/v1/expenses").status == 200


def test_who_has_signed_out_is_refused_without_redis_too(auth: Auth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_reader, "INTERVAL", 0.05)
    token = auth.register().access
    with gateway_with_auth(auth, "redis://127.0.0.1:1/0") as gateway:
        client = Client(gateway.url, token)
        assert client.post("/api/v1/auth/logout", {}).status == 204

        until(lambda: client.get("/api/v1/expenses").status == 401, what="the ended session to be refused")
