"""`vercel.json`: the web app on a static host, the API behind the same address."""

import json
import re

from deploy.locks import ROOT
from gateway.http.response_headers import PAGE_HEADERS, security

CONFIGURATION = json.loads((ROOT / "deploy" / "vercel.json").read_text("utf-8"))
API, APP = CONFIGURATION["rewrites"]


def test_the_api_comes_first_and_keeps_its_path() -> None:
    assert API["source"] == "/api/:path*"
    assert re.fullmatch(r"https://[\w.-]+/api/:path\*", API["destination"])


def test_every_page_of_the_app_is_the_app_but_a_missing_file_is_missing() -> None:
    pages = re.compile(APP["source"])
    assert APP["destination"] == "/index.html"
    assert all(pages.fullmatch(path) for path in ("/", "/expenses", "/settings/sessions"))
    assert not any(pages.fullmatch(path) for path in ("/api/v1/expenses", "/assets/index-x1.js"))


def test_it_builds_the_web_app_where_it_is() -> None:
    assert CONFIGURATION["outputDirectory"] == "frontend/dist"
    for step in ("installCommand", "buildCommand"):
        assert CONFIGURATION[step].endswith("--prefix frontend")
    assert "build" in json.loads((ROOT / "frontend" / "package.json").read_text("utf-8"))["scripts"]


def test_pages_bear_the_headers_that_the_gateway_gives_them() -> None:
    (pages,) = [rule for rule in CONFIGURATION["headers"] if "assets" not in rule["source"]]
    given = {(header["key"].lower(), header["value"]) for header in pages["headers"]}
    assert given == {(name.decode(), value.decode()) for name, value in [*security(https=True), *PAGE_HEADERS]}
    assert re.fullmatch(pages["source"], "/expenses")
    assert not re.fullmatch(pages["source"], "/api/v1/expenses")
