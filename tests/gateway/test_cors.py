"""Pages of listed origins may read our answers, cookies included; others may not."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from contracts import headers
from gateway.settings import Settings
from tests.support.gateway_under_test import PUBLIC, GatewayUnderTest
from tests.support.identity_feed import KEYS

LISTED, OTHER = "https://app.example", "https://evil.example"
ASKS: dict[str, Any] = {"Access_Control_Request_Method": "PATCH", "Access_Control_Request_Headers": "outlay-client"}

WHOLE = {
    **dict.fromkeys(("auth_url", "expenses_url", "insights_url", "jwks_url"), "http://127.0.0.1:1"),
    "redis_url": "redis://127.0.0.1:1/0",
    "outlay_public_url": PUBLIC,
    "service_keys": KEYS,
}


def test_a_listed_page_may_ask_and_read(gateway: GatewayUnderTest) -> None:
    _, client = gateway.new_user()

    received = gateway.anonymous().call("OPTIONS", "/api/v1/expenses/1", Origin=LISTED, **ASKS)
    response = client.get("/api/v1/expenses", Origin=LISTED)

    assert (received.status, received.body) == (204, b"")
    assert received.headers["Access-Control-Allow-Origin"] == LISTED
    assert received.headers["Access-Control-Allow-Credentials"] == "true"
    assert "PATCH" in received.headers["Access-Control-Allow-Methods"]
    assert "Outlay-Client" in received.headers["Access-Control-Allow-Headers"]
    assert response.headers["Access-Control-Allow-Origin"] == LISTED
    assert response.headers["Access-Control-Allow-Credentials"] == "true"
    exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
    assert {headers.REVISION, headers.REQUEST_ID, "ETag", "Location", "Retry-After", "Cache-Status"} <= set(exposed)


def test_a_listed_page_can_read_what_went_wrong(gateway: GatewayUnderTest) -> None:
    response = gateway.anonymous().get("/api/v1/nothing", Origin=LISTED)

    assert response.status == 404
    assert response.headers["Access-Control-Allow-Origin"] == LISTED


@pytest.mark.parametrize("origin", [OTHER, "null", PUBLIC, "https://app.example.evil.example", "http://app.example"])
def test_other_pages_may_not(gateway: GatewayUnderTest, origin: str) -> None:
    before = len(gateway.expenses.requests)
    received = gateway.anonymous().call("OPTIONS", "/api/v1/expenses/1", Origin=origin, **ASKS)
    assert len(gateway.expenses.requests) == before
    response = gateway.anonymous().get("/api/v1/expenses", Origin=origin)

    for answer in (received, response):
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
    assert response.headers["Vary"] == "Authorization, Cookie, Origin"


@pytest.mark.parametrize("origins", ["*", "app.example", "https://app.example/page", "ftp://x", "https://*.example"])
def test_a_list_that_is_none_refuses_to_start(origins: str) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({**WHOLE, "gateway_allowed_origins": origins})


@pytest.mark.parametrize("address", ["https://outlay.example/app", "https://a b.example", "https://bücher.example"])
def test_a_public_address_that_no_page_could_have_refuses_to_start(address: str) -> None:
    with pytest.raises(ValidationError, match="outlay_public_url"):
        Settings.model_validate({**WHOLE, "outlay_public_url": address})


def test_the_names_of_a_home_network_may_have_an_underscore() -> None:
    assert Settings.model_validate({**WHOLE, "outlay_public_url": "http://my_nas:80/"}).origin == "http://my_nas"


def test_the_list_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AUTH_URL", "EXPENSES_URL", "INSIGHTS_URL", "JWKS_URL", "OUTLAY_PUBLIC_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("SERVICE_KEYS", json.dumps({"gateway>auth": KEYS["gateway>auth"].get_secret_value()}))
    monkeypatch.setenv("GATEWAY_ALLOWED_ORIGINS", " https://app.example:443, HTTPS://Other.example:8443/ ,")

    assert Settings().gateway_allowed_origins == {"https://app.example", "https://other.example:8443"}
