"""A proxy that is not named is reported once in the log, and in Redis for `outlay status`."""

import json

import pytest
import redis

from contracts.operations import UNNAMED_PROXY, UnnamedProxy
from gateway.operations import proxy_notice
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.redis import RedisServer
from tests.support.waiting import until


def ask(gateway: GatewayUnderTest) -> None:
    assert gateway.new_user()[1].get("/api/v1/expenses", X_Forwarded_For="203.0.113.9").status == 200


def warnings(output: str) -> list[dict[str, str]]:
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return [line for line in lines if "GATEWAY_TRUSTED_PROXIES" in line.get("event", "")]


def stored(cache: redis.Redis) -> UnnamedProxy | None:
    return UnnamedProxy.decode(cache.get(UNNAMED_PROXY))  # type: ignore[arg-type]  # a synchronous client


def test_a_proxy_is_logged_once_and_recorded_for_a_day(
    shared_redis: RedisServer, cache: redis.Redis, capsys: pytest.CaptureFixture[str]
) -> None:
    shared_redis.clear()
    with gateway_under_test(shared_redis.url) as gateway:
        assert gateway.new_user()[1].get("/api/v1/expenses").status == 200
        assert stored(cache) is None
        for _ in range(3):
            ask(gateway)
        until(lambda: stored(cache) is not None, what="the note to be stored")

    [warning] = warnings(capsys.readouterr().out)
    assert (warning["level"], warning["peer"]) == ("warning", "127.0.0.1")
    noted = stored(cache)
    assert noted is not None
    assert noted.address == "127.0.0.1"
    assert 86_000 < cache.ttl(UNNAMED_PROXY) <= 86_400  # type: ignore[operator]  # a synchronous client


def test_no_proxy_is_reported_if_proxies_are_named(
    shared_redis: RedisServer, cache: redis.Redis, capsys: pytest.CaptureFixture[str]
) -> None:
    shared_redis.clear()
    with gateway_under_test(shared_redis.url, gateway_trusted_proxies="127.0.0.1") as gateway:
        ask(gateway)

    assert warnings(capsys.readouterr().out) == []
    assert stored(cache) is None


def test_without_redis_requests_go_on_and_it_is_noted_later(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxy_notice, "RETRY_INTERVAL", 0.0)
    with gateway_under_test(redis_server.url) as gateway:
        redis_server.stop()
        ask(gateway)
        redis_server.start()
        with redis.Redis.from_url(redis_server.url) as cache:

            def noted() -> bool:
                ask(gateway)
                return stored(cache) is not None

            until(noted, what="the note to be stored")


@pytest.mark.parametrize("text", [b"", b"{}", b"\xff", b'{"address": "<b>", "seen_at": "2026-11-26T00:00:00Z"}'])
def test_a_note_that_cannot_be_read_is_none(text: bytes) -> None:
    assert UnnamedProxy.decode(text) is None
