"""Whose word on a client's address is believed: that of named proxies, and no further than they go."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from gateway.client_addresses import TrustedProxies, network_key
from gateway.settings import Networks
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.raw_http import raw, request
from tests.support.redis import RedisServer

READ: TypeAdapter[Any] = TypeAdapter(Networks)
PROXIES = TrustedProxies(READ.validate_python("10.0.0.0/8, 192.0.2.1,2001:db8:aa::/48"))


def seen(peer: str | None, *lines: str, proxies: TrustedProxies = PROXIES) -> str:
    headers = [(b"x-forwarded-for", line.encode("latin-1")) for line in lines]
    return proxies.address_of({"client": peer and (peer, 1234), "headers": headers})


@pytest.mark.parametrize(
    ("peer", "lines", "address"),
    [
        ("10.1.1.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.1.1.1", ["6.6.6.6, 198.51.100.7"], "198.51.100.7"),
        ("10.1.1.1", ["6.6.6.6, 198.51.100.7, 192.0.2.1, 10.9.9.9"], "198.51.100.7"),
        ("10.1.1.1", ["6.6.6.6, 10.0.0.1, 198.51.100.7"], "198.51.100.7"),
        ("10.1.1.1", ["6.6.6.6", "198.51.100.7"], "198.51.100.7"),
        ("10.1.1.1", ["198.51.100.7:5678"], "198.51.100.7"),
        ("10.1.1.1", ["[2001:db8:1::7]:5678"], "2001:db8:1::7"),
        ("10.1.1.1", ["2001:db8:1::7"], "2001:db8:1::7"),
        ("2001:db8:aa::5", ["2001:db8:1::7"], "2001:db8:1::7"),
        ("::ffff:10.1.1.1", ["::ffff:198.51.100.7"], "198.51.100.7"),
        ("10.1.1.1", ["6.6.6.6, nonsense"], "10.1.1.1"),
        ("10.1.1.1", ["6.6.6.6, unknown, 10.2.2.2"], "10.2.2.2"),
        ("10.1.1.1", ["6.6.6.6,"], "10.1.1.1"),
        ("10.1.1.1", ["\xff"], "10.1.1.1"),
        ("10.1.1.1", ["10.0.0.7, 10.0.0.8"], "10.0.0.7"),
        ("10.1.1.1", [], "10.1.1.1"),
        ("198.51.100.9", ["6.6.6.6"], "198.51.100.9"),
        ("192.0.2.2", ["6.6.6.6"], "192.0.2.2"),
        (None, ["6.6.6.6"], "unknown"),
    ],
    ids=str,
)
def test_the_list_is_read_from_its_end_over_trusted_hops(peer: str | None, lines: list[str], address: str) -> None:
    assert seen(peer, *lines) == address


def test_without_proxies_no_header_is_believed() -> None:
    assert seen("10.1.1.1", "6.6.6.6", proxies=TrustedProxies(frozenset())) == "10.1.1.1"


@pytest.mark.parametrize("text", ["*", "0.0.0.0/0", "::/0", "proxy.example", "10.0.0.1/8", "10.0.0.0/40"])
def test_a_list_that_is_none_refuses_to_start(text: str) -> None:
    with pytest.raises(ValidationError):
        READ.validate_python(text)


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::2"),
    ],
)
def test_one_household_is_one_caller(address: str, same: str) -> None:
    assert network_key(address) == network_key(same)


def test_different_households_are_different_callers() -> None:
    addresses = ["2001:db8:1:2::1", "2001:db8:1:3::1", "192.0.2.7", "192.0.2.8", "unknown"]

    assert len({network_key(address) for address in addresses}) == 5
    assert all(network_key(address) for address in addresses)


@pytest.fixture(scope="module")
def behind_a_proxy(shared_redis: RedisServer) -> Iterator[GatewayUnderTest]:
    shared_redis.clear()
    with gateway_under_test(
        shared_redis.url,
        gateway_trusted_proxies="127.0.0.1",
        gateway_rate_limit="3/hour",
        gateway_sign_in_limit="2/hour",
    ) as gateway:
        yield gateway


def test_each_client_behind_a_proxy_has_limits_of_its_own(behind_a_proxy: GatewayUnderTest) -> None:
    def post(told: str, path: str = "/api/v1/auth/login") -> int:
        return raw(behind_a_proxy.url, request("POST", path, f"X-Forwarded-For: {told}", "Content-Length: 0")).status

    assert [post("198.51.100.1") for _ in range(3)] == [200, 200, 429]
    assert behind_a_proxy.auth.last.one("outlay-address") == "198.51.100.1"
    assert post("6.6.6.6, 198.51.100.1") == 429, "whatever the client itself has put before"
    assert [post("198.51.100.2") for _ in range(3)] == [200, 200, 429]
    assert [post(f"2001:db8:1:2::{n}", "/api/v1/expenses") for n in range(1, 5)] == [200, 200, 200, 429]
