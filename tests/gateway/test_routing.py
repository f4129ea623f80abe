"""Only listed paths in normal form get through, and each to its own service."""

import json

import pytest

from gateway.routes import ROUTES, Route, find, is_normal_form
from tests.support.gateway_under_test import GatewayUnderTest
from tests.support.raw_http import raw, request

HOSTILE = [
    "/api/v1/../internal/heads",
    "/api/v1/expenses/../../../internal/heads",
    "/api/v1/expenses/..",
    "/api/v1/./expenses",
    "/api/v1/expenses/.",
    "//api/v1/expenses",
    "/api//v1/expenses",
    "/api/v1/expenses//1",
    "/api/v1/%2e%2e/internal",
    "/api/v1/%2E%2E/internal",
    "/api/v1/.%2e/internal",
    "/api/v1/expenses%2f..%2f..%2finternal",
    "/api/v1/expenses%2F1",
    "/api/v1/expenses%5C1",
    "/api/v1/expenses\\..\\internal",
    "/api/v1/%65xpenses",
    "/api/v1/expenses/%41",
    "/api/v1/expenses/%7e",
    "/api/v1/expenses/%c3%a9",
    "/api/v1/expenses/%C0%AE%C0%AE/",
    "/api/v1/expenses/%C0%AF",
    "/api/v1/expenses/%ED%A0%80",
    "/api/v1/expenses/%00",
    "/api/v1/expenses/%0d%0aX-Evil:%201",
    "/api/v1/expenses/%7F",
    "/api/v1/expenses/%",
    "/api/v1/expenses/%2",
    "/api/v1/expenses/%zz",
    "/api/v1/expenses/%252e%252e/",
    '/api/v1/expenses/"',
    "/api/v1/expenses/{id}",
    "/api/v1/expenses/|",
    "/api/v1/expenses/^",
    "/api/v1/expenses/<x>",
]


@pytest.mark.parametrize("path", HOSTILE)
def test_a_path_that_could_be_read_in_two_ways_is_refused(gateway: GatewayUnderTest, path: str) -> None:
    before = [len(stub.requests) for stub in (gateway.auth, gateway.expenses, gateway.insights)]

    answer = raw(gateway.url, request("GET", path))

    assert answer.status == 400
    assert json.loads(answer.body)["type"] == "urn:outlay:problem:bad-request"
    assert [len(stub.requests) for stub in (gateway.auth, gateway.expenses, gateway.insights)] == before


@pytest.mark.parametrize(
    "target",
    ["/api/v1/expenses/é".encode(), b"/api/v1/expenses/\x01", b"/api/v1/expenses\x7f", b"/api/v1/expenses?q=\xff"],
)
def test_bytes_that_no_address_holds_are_refused(gateway: GatewayUnderTest, target: bytes) -> None:
    before = len(gateway.expenses.requests)

    assert raw(gateway.url, request("GET", target)).status == 400
    assert len(gateway.expenses.requests) == before


@pytest.mark.parametrize(
    "path",
    ["/", "/expenses", "/api/v1/expenses/018f", "/a-b_c~d!$&'()*+,;=:@", "/caf%C3%A9/%20", "/.well-known/x", "/a/"],
)
def test_what_is_in_normal_form_is_known_as_such(path: str) -> None:
    assert is_normal_form(path.encode(), b"q=a%20b&from=2026-11-01")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.prefix)
def test_every_listed_prefix_reaches_its_service_and_keeps_its_address(gateway: GatewayUnderTest, route: Route) -> None:
    prefix, service = route.prefix, route.service
    _, client = gateway.new_user()

    response = client.get(f"{prefix}?limit=5&q=a%2Fb%20c")

    if prefix == "/.well-known/jwks.json":
        assert response.json["keys"]
    else:
        assert response.json["service"] == service
        assert response.json["target"] == f"{prefix}?limit=5&q=a%2Fb%20c"


@pytest.mark.parametrize(
    "path",
    [
        "/internal",
        "/internal/heads",
        "/internal/ledgers/018f",
        "/api",
        "/api/v1",
        "/api/v2/expenses",
        "/api/v1/expensesx",
        "/api/v1/expenses/",
        "/api/v1/internal/heads",
        "/.well-known/other",
        "/metrics",
    ],
)
def test_what_is_not_listed_is_not_there(gateway: GatewayUnderTest, path: str) -> None:
    _, client = gateway.new_user()
    before = [len(stub.requests) for stub in (gateway.auth, gateway.expenses, gateway.insights)]

    response = client.get(path)

    assert response.status == 404
    assert response.json["type"] == "urn:outlay:problem:not-found"
    assert [len(stub.requests) for stub in (gateway.auth, gateway.expenses, gateway.insights)] == before


def test_a_prefix_ends_where_a_segment_ends() -> None:
    assert find("/api/v1/ledger") is not None
    assert find("/api/v1/ledgersx") is None
    assert find("/api/v1/expenses/1/receipts/2") is not None


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND"])
def test_unusual_methods_are_refused(gateway: GatewayUnderTest, method: str) -> None:
    answer = raw(gateway.url, request(method, "/api/v1/expenses"))

    assert answer.status in {400, 405}
