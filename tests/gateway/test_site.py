"""The web app's files, the API's description, health: what the gateway serves itself."""

import json
from pathlib import Path

import pytest

from gateway.pages.docs import DOCUMENT
from gateway.pages.docs_page import render
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.raw_http import raw, request
from tests.support.redis import RedisServer

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
DIRECTIVES = {
    *("default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "object-src 'none'"),
    *("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"),
}


@pytest.mark.parametrize("path", ["/", "/expenses", "/expenses/018f", "/sign-in", "/index.html"])
def test_every_address_of_the_app_is_its_page(gateway: GatewayUnderTest, path: str) -> None:
    response = gateway.anonymous().get(path)

    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-cache"
    assert b"<title>Outlay</title>" in response.body


def test_hashed_files_are_kept_for_ever_and_others_are_asked_for(gateway: GatewayUnderTest) -> None:
    client = gateway.anonymous()

    hashed, icon = client.get("/assets/index-a1b2c3.js"), client.get("/favicon.svg")

    assert hashed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert hashed.headers["Content-Type"].startswith("text/javascript")
    assert icon.headers["Cache-Control"] == "no-cache"
    assert client.get("/favicon.svg", If_None_Match=icon.headers["ETag"]).status == 304


@pytest.mark.parametrize(
    "path", ["/assets/index-old.js", "/assets", "/robots.txt", "/internal", "/metrics", "/api/docs/x"]
)
def test_a_file_that_is_not_there_is_not_the_page(gateway: GatewayUnderTest, path: str) -> None:
    response = gateway.anonymous().get(path)

    assert response.status == 404
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/assets/../../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "//etc/passwd"]
)
def test_no_path_leads_out_of_the_folder(gateway: GatewayUnderTest, web_root: Path, path: str) -> None:
    assert (web_root.parent / "secret.txt").exists()

    answer = raw(gateway.url, request("GET", path))

    assert answer.status == 400
    assert b"not for the web" not in answer.body


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_files_are_only_read(gateway: GatewayUnderTest, method: str) -> None:
    assert gateway.anonymous().call(method, "/favicon.svg").status == 405


def test_every_answer_bears_the_security_headers(gateway: GatewayUnderTest) -> None:
    _, client = gateway.new_user()
    paths = ["/", "/assets/index-a1b2c3.js", "/api/docs.css", "/api/v1/expenses", "/nothing.txt", "/livez"]
    paths += ["/api/v1/summary?from=2026-11-01&to=2026-11-30", "/api/v1/expenses//"]
    for path in paths:
        response = client.get(path)
        assert {name: response.headers[name] for name in SECURITY} == SECURITY, path
        assert set(response.headers["Content-Security-Policy"].split("; ")) >= DIRECTIVES
        assert "unsafe" not in response.headers["Content-Security-Policy"]
        assert len(response.headers.getlist("content-security-policy")) == 1
        assert "Strict-Transport-Security" not in response.headers
        assert response.headers["X-Request-Id"]


def test_on_https_browsers_are_told_to_stay_there(shared_redis: RedisServer) -> None:
    with gateway_under_test(shared_redis.url, outlay_public_url="https://outlay.example") as gateway:
        assert gateway.anonymous().get("/").headers["Strict-Transport-Security"].startswith("max-age=")


def test_without_a_built_app_the_api_is_served_all_the_same(shared_redis: RedisServer, tmp_path: Path) -> None:
    with gateway_under_test(shared_redis.url, gateway_web_root=tmp_path / "none") as gateway:
        assert gateway.anonymous().get("/").status == 404
        assert gateway.anonymous().get("/api/v1/expenses").status == 200


def test_the_api_describes_itself(gateway: GatewayUnderTest) -> None:
    document, page = gateway.anonymous().get("/api/openapi.json"), gateway.anonymous().get("/api/docs")

    assert document.headers["Content-Type"] == "application/json"
    assert document.body == DOCUMENT.read_bytes()
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    text = page.body.decode()
    paths = document.json["paths"]
    assert len(paths) > 10
    assert all(f"<code>{path}</code>" in text for path in paths)
    assert gateway.anonymous().get("/api/docs.css").headers["Content-Type"].startswith("text/css")


def test_the_description_needs_no_script_and_nothing_from_elsewhere(gateway: GatewayUnderTest) -> None:
    text = gateway.anonymous().get("/api/docs").body.decode()

    for sign in ("<script", "<style", " style=", " onclick", "http://", "https://"):
        assert sign not in text, sign


def test_a_description_is_text_not_markup() -> None:
    evil = "<img src=x onerror=alert(1)>"
    call = {"summary": evil, "description": evil, "operationId": evil, "responses": {"200": {"description": evil}}}
    schema = {"type": "object", "description": evil, "properties": {evil: {"enum": [evil], "description": evil}}}
    document = {
        "info": {"title": evil, "description": evil},
        "paths": {f"/{evil}": {"get": call}},
        "components": {"schemas": {evil: schema}},
    }

    page = render(json.loads(json.dumps(document)))

    assert "&lt;img" in page
    assert "<img" not in page
