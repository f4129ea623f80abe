"""A request that is more work counts as more requests, and its headers say so."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest

from contracts.ids import UserId
from gateway.routes import WEIGHED_BYTES
from tests.support.client import Client
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.raw_http import connection, raw, read_response, request
from tests.support.redis import RedisServer


def left(client: Client) -> int:
    """The remaining quota of the caller, from the RateLimit header."""
    return int(re.findall(r";r=(\d+)", client.get("/api/v1/expenses").headers["RateLimit"])[0])


@pytest.fixture(scope="module")
def roomy(shared_redis: RedisServer) -> Iterator[GatewayUnderTest]:
    with gateway_under_test(shared_redis.url, gateway_rate_limit="100/hour") as started:
        yield started


@pytest.mark.parametrize(
    ("method", "path", "size", "weight"),
    [
        ("GET", "/api/v1/expenses", 0, 1),
        ("GET", "/api/v1/summary", 0, 1),
        ("GET", "/api/v1/expenses?limit=100", 0, 1),
        ("GET", "/api/v1/expenses?q=limit=500&limit=500", 0, 5),
        ("GET", "/api/v1/journal?after=7&limit=500", 0, 7),
        ("GET", "/api/v1/journal?limit=999999999", 0, 7),
        ("POST", "/api/v1/expenses", WEIGHED_BYTES - 1, 1),
        ("POST", "/api/v1/expenses", 3 * WEIGHED_BYTES, 4),
        ("POST", "/api/v1/expenses/batch", 33_000, 13),
        ("GET", "/api/v1/journal", 0, 3),
        ("POST", f"/api/v1/journal/{UUID(int=1)}/undo", 0, 5),
        ("GET", "/api/v1/export", 0, 20),
        ("POST", "/api/v1/expenses", 1024 * 1024, 100),
    ],
)
def test_a_request_that_is_more_work_counts_as_more(
    roomy: GatewayUnderTest, method: str, path: str, size: int, weight: int
) -> None:
    _, client = roomy.new_user()

    response = client.call(method, path, raw=b"x" * size if size else None)

    assert response.status == 200
    assert re.findall(r";r=(\d+)", response.headers["RateLimit"]) == [str(100 - weight)]
    assert response.headers["RateLimit-Policy"] == '"caller-3600s";q=100;w=3600'


def test_bytes_count_when_they_arrive_where_no_length_was_declared(roomy: GatewayUnderTest) -> None:
    account, client = roomy.new_user()
    chunk = b"%x\r\n%b\r\n" % (10 * WEIGHED_BYTES, b"y" * 10 * WEIGHED_BYTES)
    head = request(
        *("POST", "/api/v1/expenses", "Transfer-Encoding: chunked"),
        f"Authorization: Bearer {roomy.issuer.token(UserId(account))}",
    )

    assert raw(roomy.url, head + 4 * chunk + b"0\r\n\r\n").status == 200
    assert left(client) == 100 - 41 - 1
    with connection(roomy.url) as sending:
        sending.sendall(head + 6 * chunk)
        refused = read_response(sending)
    assert (refused.status, refused.headers["Connection"]) == (429, "close")
    assert re.findall(r";r=(\d+)", ",".join(refused.headers.get_all("RateLimit", []))) == ["0"]


def test_bytes_that_arrive_later_leave_the_headers_of_the_routes_own_limit(roomy: GatewayUnderTest) -> None:
    head = request("POST", "/api/v1/auth/login", "Transfer-Encoding: chunked")
    chunk = b"%x\r\n%b\r\n" % (2 * WEIGHED_BYTES, b"y" * 2 * WEIGHED_BYTES)

    response = raw(roomy.url, head + chunk + b"0\r\n\r\n")

    assert response.status == 200
    for name, value in (("RateLimit", ";r="), ("RateLimit-Policy", ";q=")):
        found = re.findall(rf'"([a-z-]+)-[0-9]+s"{value}', ",".join(response.headers.get_all(name, [])))
        assert sorted(found) == ["caller", "sign-in"]
