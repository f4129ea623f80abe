"""Requests for unknown host names are refused: such a name may be rebound to our address."""

import json
import socket
from collections.abc import Iterator

import pytest

from gateway.http import hosts
from gateway.settings import Settings
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.raw_http import RawResponse, raw
from tests.support.redis import RedisServer

PUBLIC = "http://outlay.example:8000"


@pytest.fixture(scope="module")
def strict(shared_redis: RedisServer) -> Iterator[GatewayUnderTest]:
    with gateway_under_test(
        shared_redis.url, outlay_public_url=PUBLIC, gateway_allowed_hosts="nas.lan, Gate.Example."
    ) as gateway:
        yield gateway


def ask(
    gateway: GatewayUnderTest, *lines: str, target: str = "/api/v1/auth/options", version: str = "1.1"
) -> RawResponse:
    head = [f"GET {target} HTTP/{version}", *lines, "Connection: close"]
    return raw(gateway.url, ("\r\n".join(head) + "\r\n\r\n").encode("latin-1"))


@pytest.mark.parametrize(
    "host",
    [
        *(
            "localhost",
            "LOCALHOST:1234",
            "localhost.",
            "outlay.example",
            "Outlay.Example.:80",
            "nas.lan",
            "gate.example",
        ),
        *("127.0.0.1", "192.168.1.7:8000", "[::1]", "[::1]:8000", "[2001:DB8::7]:8000", socket.gethostname()),
        f"{socket.gethostname().partition('.')[0]}.local",
    ],
)
def test_its_own_names_and_addresses_are_answered(strict: GatewayUnderTest, host: str) -> None:
    assert ask(strict, f"Host: {host}").status == 200


@pytest.mark.parametrize(
    "host",
    [
        *(
            "evil.example",
            "evil.example:8000",
            "outlay.example.evil.example",
            "xoutlay.example",
            "localhost.evil.example",
        ),
        *("127.0.0.1.evil.example", "1.2.3", "[::1].evil.example", "[evil.example]", "[::1", "::1", "", ".", ":8000"),
        *(
            "user@localhost",
            "localhost:80:80",
            "localhost:x",
            "localhost/evil",
            "local host",
            "outlay.example..",
            "ä.example",
        ),
    ],
)
def test_any_other_name_is_refused_with_the_setting_that_adds_it(strict: GatewayUnderTest, host: str) -> None:
    answer = ask(strict, f"Host: {host}")
    assert answer.status == 421
    problem = json.loads(answer.body)
    assert problem["type"] == "urn:outlay:problem:unknown-host"
    assert "GATEWAY_ALLOWED_HOSTS" in problem["detail"]


def test_pages_and_sign_ups_are_refused_as_well(strict: GatewayUnderTest) -> None:
    before = len(strict.auth.requests)
    post = "POST /api/v1/auth/register HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    assert raw(strict.url, post.encode()).status == 421
    assert ask(strict, "Host: evil.example", target="/").status == 421
    assert len(strict.auth.requests) == before


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_is_served_under_any_name(strict: GatewayUnderTest, path: str) -> None:
    assert ask(strict, "Host: 7f3a.internal:8000", target=path).status == 200


def test_several_hosts_are_refused_whichever_is_known(strict: GatewayUnderTest) -> None:
    for pair in (("localhost", "evil.example"), ("evil.example", "localhost"), ("localhost", "localhost")):
        assert ask(strict, *(f"Host: {host}" for host in pair)).status == 400
    assert ask(strict, "Host: localhost", "Host: localhost", target="http://localhost/").status == 400


@pytest.mark.parametrize(
    ("target", "host", "status"),
    [
        ("http://evil.example/api/v1/auth/options", "localhost", 421),
        ("http://localhost/api/v1/auth/options", "evil.example", 200),
        ("http://evil.example:8000/api/v1/auth/options", "outlay.example:8000", 421),
        ("HTTP://[::1]:8000/api/v1/auth/options", "evil.example", 200),
        ("http://localhost@evil.example/api/v1/auth/options", "localhost", 421),
    ],
)
def test_the_host_in_a_whole_url_is_the_one_that_counts(
    strict: GatewayUnderTest, target: str, host: str, status: int
) -> None:
    assert ask(strict, f"Host: {host}", target=target).status == status


def test_who_speaks_the_old_http_may_come_without_a_host(strict: GatewayUnderTest) -> None:
    assert ask(strict, version="1.0").status == 200
    assert ask(strict, "Host: evil.example", version="1.0").status == 421
    assert ask(strict).status == 400


def test_an_installation_from_before_only_warns_and_once(
    shared_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(hosts.log, "warning", lambda words, **more: said.append(f"{words} {more}"))
    with gateway_under_test(shared_redis.url, gateway_host_check="warn") as gateway:
        assert {ask(gateway, f"Host: {host}").status for host in ("a.example", "a.example", "b.example")} == {200}
    [line] = said
    assert "GATEWAY_ALLOWED_HOSTS" in line
    assert "a.example" in line


@pytest.mark.parametrize("names", ["*", "http://outlay.example", "outlay.example:80", "a b", "a,,*.example"])
def test_what_is_no_name_is_no_setting(gateway: GatewayUnderTest, names: str) -> None:
    with pytest.raises(ValueError, match="is no name of a host"):
        Settings.model_validate(gateway.settings.model_dump() | {"gateway_allowed_hosts": names})


@pytest.mark.parametrize(
    ("loopback", "lines", "local"),
    [
        (True, ("Host: localhost:8000",), True),
        (True, ("Host: 127.0.0.1",), True),
        (True, ("Host: [::1]:8000",), True),
        (True, ("Host: outlay.example",), False),
        (True, ("Host: 192.168.1.7",), False),
        (True, ("Host: localhost", "X-Forwarded-For: 203.0.113.7"), False),
        (True, ("Host: localhost", "Forwarded: for=203.0.113.7"), False),
        (True, ("Host: outlay.example", "Outlay-Loopback: true"), False),
        (False, ("Host: localhost",), False),
    ],
)
def test_auth_is_notified_of_requests_that_come_from_this_machine_alone(
    shared_redis: RedisServer, loopback: object, lines: tuple[str, ...], local: object
) -> None:
    with gateway_under_test(shared_redis.url, outlay_public_url=PUBLIC, gateway_loopback=loopback) as gateway:
        assert ask(gateway, *lines).status == 200
        assert (gateway.auth.last.one("outlay-loopback") == "true") is local
