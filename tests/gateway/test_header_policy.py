"""What a service gets to see of a request, and a client of an answer."""

from starlette.types import Receive, Send

from contracts.cookies import session_cookies
from tests.support.gateway_under_test import PUBLIC, GatewayUnderTest
from tests.support.raw_http import raw, request
from tests.support.stub_service import ReceivedRequest, reply

NAMES = session_cookies(PUBLIC)


def test_a_caller_cannot_say_who_or_where_it_is(gateway: GatewayUnderTest) -> None:
    _, client = gateway.new_user()
    spoofed = (
        *("Forwarded: for=6.6.6.6", "X-Forwarded-For: 6.6.6.6", "X-Forwarded-Host: evil.example", "X-Real-IP: 6.6.6.6"),
        *("X-Forwarded-Proto: https", "X-Forwarded-User: root", "X-User-Id: root", "Remote-User: root", "Via: 1.1 x"),
        *("Outlay-Wanted-Revision: 1", "Outlay-Via: web", "X_Forwarded_For: 6.6.6.6", "X-Original-URL: /internal"),
        *(
            "Outlay-Account: root",
            "Outlay-Address: 6.6.6.6",
            "X-Client-IP: 6.6.6.6",
            "CF-Connecting-IP: 6.6.6.6",
            "True-Client-IP: 6.6.6.6",
            "Proxy-Authorization: Basic cm9vdA==",
        ),
    )

    raw(gateway.url, request("GET", "/api/v1/expenses", f"Authorization: Bearer {client.token}", *spoofed))

    received = gateway.expenses.last
    assert "6.6.6.6" not in str(received.headers)
    assert "root" not in str(received.headers)
    assert received.one("x-forwarded-for") == "127.0.0.1"
    assert received.one("x-forwarded-proto") == "http"
    assert received.one("x-forwarded-host") == "localhost"
    assert received.one("outlay-via") == "api"
    assert received.one("outlay-wanted-revision") is None
    assert received.one("authorization") == f"Bearer {client.token}"
    assert {name for name, _ in received.headers} == {
        *("host", "x-request-id", "outlay-via", "authorization"),
        *("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"),
    }


def test_auth_alone_is_told_where_a_caller_is(gateway: GatewayUnderTest) -> None:
    for method, path in (
        *(("GET", "/api/v1/auth/me"), ("GET", "/api/v1/ledgers"), ("POST", "/api/v1/invitations/accept")),
        *(("POST", "/api/v1/auth/login"), ("POST", "/api/v1/auth/reset")),
    ):
        raw(gateway.url, request(method, path, "Outlay-Address: 6.6.6.6", "Content-Length: 0"))
        assert gateway.auth.last.one("outlay-address") == "127.0.0.1"


def test_what_concerns_one_connection_ends_with_it(gateway: GatewayUnderTest) -> None:
    hop = (
        *("Connection: close, If-Match, Idempotency-Key", "Keep-Alive: timeout=5", "TE: trailers", "Trailer: X"),
        *("Upgrade: h2c", 'If-Match: "1"', "Idempotency-Key: secret", "Proxy-Connection: keep-alive"),
    )

    raw(gateway.url, request("GET", "/api/v1/expenses", *hop, 'If-None-Match: "2"'))

    names = {name for name, _ in gateway.expenses.last.headers}
    assert not names & {"keep-alive", "te", "trailer", "upgrade", "if-match", "idempotency-key", "proxy-connection"}
    assert gateway.expenses.last.one("if-none-match") == '"2"'


def test_what_a_service_needs_goes_on(gateway: GatewayUnderTest) -> None:
    _, client = gateway.new_user()

    client.call(
        "PATCH",
        "/api/v1/expenses/1",
        raw=b'{"note":null}',
        Content_Type="application/merge-patch+json",
        If_Match='"a"',
        Idempotency_Key="k-1",
        Outlay_Min_Revision="7",
        Accept_Language="de",
        User_Agent="Test/1",
    )

    received = gateway.expenses.last
    assert (received.method, received.body) == ("PATCH", b'{"note":null}')
    assert received.one("content-type") == "application/merge-patch+json"
    assert received.one("content-length") == str(len(received.body))
    assert [received.one(name) for name in ("if-match", "idempotency-key", "outlay-min-revision")] == [
        '"a"',
        "k-1",
        "7",
    ]
    assert [received.one(name) for name in ("accept-language", "user-agent")] == ["de", "Test/1"]


def test_a_cookie_becomes_a_bearer_token_and_stays_here(gateway: GatewayUnderTest) -> None:
    _, client = gateway.new_user()

    response = gateway.anonymous().get("/api/v1/expenses", Cookie=f"theme=dark; {NAMES.access}={client.token}; x=1")

    assert response.status == 200
    received = gateway.expenses.last
    assert received.one("authorization") == f"Bearer {client.token}"
    assert received.one("outlay-via") == "web"
    assert received.one("cookie") is None


def test_a_header_wins_over_a_cookie(gateway: GatewayUnderTest) -> None:
    _, one = gateway.new_user()
    _, other = gateway.new_user()

    one.get("/api/v1/expenses", Cookie=f"{NAMES.access}={other.token}")

    assert gateway.expenses.last.one("authorization") == f"Bearer {one.token}"
    assert gateway.expenses.last.one("outlay-via") == "api"


def test_cookies_of_other_names_are_no_session(gateway: GatewayUnderTest) -> None:
    _, client = gateway.new_user()
    for name in ("__Host-outlay_access", "outlay_access", "outlay_access_9000", f"x{NAMES.access}"):
        gateway.anonymous().get("/api/v1/expenses", Cookie=f"{name}={client.token}")
        assert gateway.expenses.last.one("authorization") is None


def test_only_refresh_and_logout_see_cookies_and_only_ours(gateway: GatewayUnderTest) -> None:
    cookies = f"theme=dark; {NAMES.access}=a.b.c; {NAMES.refresh}=r-1"
    client = gateway.anonymous()

    for path, expected in {
        "/api/v1/auth/refresh": f"{NAMES.access}=a.b.c; {NAMES.refresh}=r-1",
        "/api/v1/auth/logout": f"{NAMES.access}=a.b.c; {NAMES.refresh}=r-1",
        "/api/v1/auth/login": None,
        "/api/v1/auth/register": None,
    }.items():
        client.call("POST", path, raw=b"{}", Cookie=cookies)
        assert (gateway.auth.last.target, gateway.auth.last.one("cookie")) == (path, expected)


def test_a_request_id_is_kept_or_made(gateway: GatewayUnderTest) -> None:
    client = gateway.anonymous()

    kept = client.get("/api/v1/expenses", X_Request_Id="abcd-1234-efgh")
    assert kept.headers["X-Request-Id"] == "abcd-1234-efgh" == gateway.expenses.last.one("x-request-id")

    for bad in ("short", "x" * 65, "with spaces in it", 'quote"quote"quote'):
        made = client.get("/api/v1/expenses", X_Request_Id=bad).headers["X-Request-Id"]
        assert made != bad
        assert len(made) == 32
        assert gateway.expenses.last.one("x-request-id") == made


def test_a_field_that_may_come_once_is_refused_twice(gateway: GatewayUnderTest) -> None:
    _, client = gateway.new_user()
    before = len(gateway.expenses.requests)
    token = f"Authorization: Bearer {client.token}"

    for twice in ((token, token), ("Cookie: a=1", "Cookie: b=2"), ("Outlay-Min-Revision: 1", "Outlay-Min-Revision: 2")):
        assert raw(gateway.url, request("GET", "/api/v1/expenses", *twice)).status == 400
    assert raw(gateway.url, request("GET", "/api/v1/expenses", "Accept: a/b", "Accept: c/d", token)).status == 200
    assert len(gateway.expenses.requests) == before + 1
    assert gateway.expenses.last.all("accept") == ["a/b", "c/d"]


def test_a_header_that_is_no_text_is_refused(gateway: GatewayUnderTest) -> None:
    answer = raw(gateway.url, b"GET /api/v1/expenses HTTP/1.1\r\nHost: localhost\r\nUser-Agent: \xff\xfe\r\n\r\n")

    assert answer.status == 400


def test_an_answer_keeps_what_is_its_own(gateway: GatewayUnderTest) -> None:
    async def answer(_: ReceivedRequest, __: Receive, send: Send) -> None:
        said = [
            ("set-cookie", "a=1; Path=/"),
            ("set-cookie", "b=2; Path=/"),
            ("location", "/api/v1/expenses/1"),
            ("etag", '"x"'),
            ("outlay-revision", "42"),
            ("cache-control", "no-store"),
            ("vary", "Accept"),
            ("server", "inside"),
            ("connection", "x-inside"),
            ("x-inside", "1"),
            ("keep-alive", "timeout=5"),
            ("access-control-allow-origin", "*"),
            ("x-request-id", "of-the-service"),
        ]
        await reply(send, b"{}", status=201, headers=said)

    gateway.expenses.handler = answer
    try:
        response = gateway.anonymous().call("POST", "/api/v1/expenses", raw=b"{}")
    finally:
        gateway.expenses.handler = gateway.expenses.echo

    assert response.status == 201
    assert response.headers.getlist("set-cookie") == ["a=1; Path=/", "b=2; Path=/"]
    assert (response.headers["Location"], response.headers["ETag"]) == ("/api/v1/expenses/1", '"x"')
    assert response.headers["Outlay-Revision"] == "42"
    assert response.headers.getlist("cache-control") == ["private, no-cache"]
    assert response.headers.getlist("vary") == ["Authorization, Cookie, Origin"]
    assert len(response.headers.getlist("date")) == 1
    assert len(response.headers.getlist("x-request-id")) == 1
    assert "inside" not in str(response.headers)
    assert not {"x-inside", "keep-alive", "access-control-allow-origin"} & {name.lower() for name in response.headers}


def test_what_the_client_has_already_is_not_sent_again(gateway: GatewayUnderTest) -> None:
    async def answer(received: ReceivedRequest, _: Receive, send: Send) -> None:
        known = received.one("if-none-match") == '"x"'
        await reply(send, b"" if known else b"{}", status=304 if known else 200, headers=[("etag", '"x"')])

    gateway.expenses.handler = answer
    try:
        client = gateway.anonymous()
        first, again = client.get("/api/v1/expenses"), client.get("/api/v1/expenses", If_None_Match='"x"')
    finally:
        gateway.expenses.handler = gateway.expenses.echo

    assert (first.status, first.body, first.headers["ETag"]) == (200, b"{}", '"x"')
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", '"x"')


def test_the_public_keys_may_be_cached(gateway: GatewayUnderTest) -> None:
    response = gateway.anonymous().get("/.well-known/jwks.json")

    assert response.headers["Cache-Control"] == "public, max-age=300"
