"""A page of another site cannot act with our cookies; a program that is no browser may sign in as it likes."""

import pytest

from contracts.cookies import session_cookies
from gateway.authentication.csrf import CrossSiteGuard, CrossSiteRequest
from tests.support.gateway_under_test import PUBLIC, GatewayUnderTest
from tests.support.raw_http import raw, request

NAMES = session_cookies(PUBLIC)
COOKIE = f"Cookie: {NAMES.access}=a.b.c"
REFRESH = f"Cookie: {NAMES.refresh}=r"
OURS = "Outlay-Client: web"
SAME = "Sec-Fetch-Site: same-origin"
CROSS = "Sec-Fetch-Site: cross-site"
HERE, LISTED, ELSEWHERE = f"Origin: {PUBLIC}", "Origin: https://app.example", "Origin: https://evil.example"

ALLOWED = [
    ("no browser signs in", "/api/v1/auth/login", []),
    ("no browser, with a cookie", "/api/v1/expenses", [COOKIE]),
    ("our page signs in", "/api/v1/auth/login", [HERE, SAME, OURS]),
    ("our page writes", "/api/v1/expenses", [COOKIE, HERE, SAME, OURS]),
    ("a listed page writes", "/api/v1/expenses", [COOKIE, LISTED, CROSS, OURS]),
    ("another page without cookies", "/api/v1/expenses", [ELSEWHERE, CROSS]),
    ("another page with a foreign cookie", "/api/v1/expenses", [ELSEWHERE, CROSS, "Cookie: theme=dark"]),
    ("our page under another name at home", "/api/v1/expenses", [COOKIE, "Origin: http://localhost", OURS]),
]
REFUSED = [
    ("a form elsewhere signs in", "/api/v1/auth/login", [ELSEWHERE, CROSS]),
    ("a script elsewhere signs in", "/api/v1/auth/login", [ELSEWHERE, CROSS, OURS]),
    ("a form elsewhere registers", "/api/v1/auth/register", [ELSEWHERE, CROSS]),
    ("a form elsewhere signs out", "/api/v1/auth/logout", [COOKIE, ELSEWHERE, CROSS]),
    ("a form elsewhere refreshes", "/api/v1/auth/refresh", [REFRESH, ELSEWHERE, CROSS]),
    ("a form elsewhere writes", "/api/v1/expenses", [COOKIE, ELSEWHERE, CROSS]),
    ("with the refresh cookie alone", "/api/v1/expenses", [REFRESH, ELSEWHERE, CROSS]),
    ("a script elsewhere writes", "/api/v1/expenses", [COOKIE, ELSEWHERE, CROSS, OURS]),
    ("our page without the header", "/api/v1/expenses", [COOKIE, HERE, SAME]),
    ("our page with an empty header", "/api/v1/expenses", [COOKIE, HERE, SAME, "Outlay-Client:"]),
    ("a sandboxed page", "/api/v1/expenses", [COOKIE, "Origin: null", CROSS, OURS]),
    ("no origin, though a browser", "/api/v1/expenses", [COOKIE, CROSS, OURS]),
    ("another port of ours", "/api/v1/expenses", [COOKIE, "Origin: http://localhost:9000", OURS]),
    ("our name as a prefix", "/api/v1/expenses", [COOKIE, f"Origin: {PUBLIC}.evil.example", OURS]),
    ("https where we are on http", "/api/v1/expenses", [COOKIE, "Origin: https://localhost", OURS]),
    ("a bearer token does not help", "/api/v1/expenses", [COOKIE, "Authorization: Bearer x", ELSEWHERE, CROSS]),
]


def names(story: tuple[str, str, list[str]]) -> str:
    return story[0]


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
@pytest.mark.parametrize("story", [story for story in ALLOWED + REFUSED if story[1] == "/api/v1/expenses"], ids=names)
def test_every_unsafe_method_is_looked_at(
    gateway: GatewayUnderTest, method: str, story: tuple[str, str, list[str]]
) -> None:
    _, path, headers = story

    answer = raw(gateway.url, request(method, path, *headers, "Content-Length: 0"))

    assert answer.status == (200 if story in ALLOWED else 403)


@pytest.mark.parametrize("story", ALLOWED, ids=names)
def test_allowed(gateway: GatewayUnderTest, story: tuple[str, str, list[str]]) -> None:
    _, path, headers = story

    assert raw(gateway.url, request("POST", path, *headers, "Content-Length: 0")).status == 200


@pytest.mark.parametrize("story", REFUSED, ids=names)
def test_refused(gateway: GatewayUnderTest, story: tuple[str, str, list[str]]) -> None:
    _, path, headers = story
    before = (len(gateway.auth.requests), len(gateway.expenses.requests))

    answer = raw(gateway.url, request("POST", path, *headers, "Content-Length: 0"))

    assert answer.status == 403
    assert b"urn:outlay:problem:cross-site" in answer.body
    assert (len(gateway.auth.requests), len(gateway.expenses.requests)) == before


@pytest.mark.parametrize("story", REFUSED, ids=names)
def test_reading_changes_nothing_and_is_not_looked_at(
    gateway: GatewayUnderTest, story: tuple[str, str, list[str]]
) -> None:
    _, _, headers = story

    assert raw(gateway.url, request("GET", "/api/v1/expenses", *headers)).status == 200


def test_on_https_only_the_public_address_is_ours() -> None:
    names = session_cookies("https://outlay.example")
    guard = CrossSiteGuard(names, "https://outlay.example", frozenset())
    fields = {b"cookie": f"{names.access}=a".encode(), b"host": b"192.0.2.7", b"outlay-client": b"web"}

    guard.check("POST", "/api/v1/expenses", fields | {b"origin": b"https://outlay.example"})
    for origin in (b"http://192.0.2.7", b"https://192.0.2.7", b"http://outlay.example"):
        with pytest.raises(CrossSiteRequest):
            guard.check("POST", "/api/v1/expenses", fields | {b"origin": origin})
