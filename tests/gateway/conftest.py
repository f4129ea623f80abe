"""One gateway for all tests that do not need it in a special state; each test has people of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.redis import RedisServer


@pytest.fixture(scope="session")
def web_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A web app of three files, and one beside it that is none of its."""
    folder = tmp_path_factory.mktemp("web")
    root = folder / "dist"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><title>Outlay</title>", "utf-8")
    (root / "assets" / "index-a1b2c3.js").write_text("export {};", "utf-8")
    (root / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    (folder / "secret.txt").write_text("not for the web", "utf-8")
    return root


@pytest.fixture(scope="session")
def gateway(shared_redis: RedisServer, web_root: Path) -> Iterator[GatewayUnderTest]:
    with gateway_under_test(
        shared_redis.url, gateway_web_root=web_root, gateway_allowed_origins="https://app.example"
    ) as started:
        yield started


@pytest.fixture
def cache(shared_redis: RedisServer) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(shared_redis.url) as client:
        yield client
