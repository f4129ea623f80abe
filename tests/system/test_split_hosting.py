"""The web app on one site and the API on another, over https, in a real browser."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deploy.local.ports import free_ports
from deploy.local.workshop import ROOT
from gateway.http.response_headers import POLICY
from gateway.pages.web_app import PAGE, WebApp
from tests.support.browser import find_chromium
from tests.support.browser_user import BrowserUser
from tests.support.serving import serving
from tests.support.stack import Stack
from tests.support.tls import TlsProxy, certificate, tls_proxy
from tests.support.waiting import until

pytestmark = [pytest.mark.stack, pytest.mark.browser]

APP, API = "app.example", "api.example"
NO_THIRD_PARTY_COOKIES = ("--test-third-party-cookie-phaseout", "--disable-features=none")
"""Chromium's own switch; without the second one Playwright's list of what is off would turn it off again."""


class SplitHosting(NamedTuple):
    app: str
    api: str
    gateway: TlsProxy
    """The API's."""


class StaticHost:
    """The headers that a static host is told to send, with the API's address among those that the page may call."""

    def __init__(self, app: ASGIApp, api: str) -> None:
        self._app = app
        self._policy = POLICY.replace("connect-src 'self'", f"connect-src {api}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"content-security-policy", self._policy.encode()))
            await send(message)

        await self._app(scope, receive, tell)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SplitHosting]:
    folder = tmp_path_factory.mktemp("split")
    api_port, app_port = free_ports(2)
    app, api = f"https://{APP}:{app_port}", f"https://{API}:{api_port}"
    settings = {"OUTLAY_PUBLIC_URL": api, "GATEWAY_CROSS_SITE": "true", "GATEWAY_ALLOWED_ORIGINS": app}
    pem = certificate(folder, APP, API)
    web = Starlette(middleware=[Middleware(StaticHost, api=api)])
    web.mount("/", WebApp(built_for(api, folder)))
    with (
        Stack(folder / "home", **settings) as stack,
        serving(web) as static,
        tls_proxy(api_port, stack.port, pem) as gateway,
        tls_proxy(app_port, int(static.rpartition(":")[2]), pem),
    ):
        yield SplitHosting(app, api, gateway)


def built_for(api: str, folder: Path) -> Path:
    """The app as `VITE_API_ORIGIN=… npm run build` makes it."""
    built = ROOT / "frontend" / "dist"
    root = shutil.copytree(built, folder / "dist")
    page = (built / PAGE).read_text("utf-8")
    nowhere = '<meta name="outlay-api" content="" />'
    assert nowhere in page
    (root / PAGE).write_text(page.replace(nowhere, f'<meta name="outlay-api" content="{api}" />'), "utf-8")
    return root


@contextmanager
def chromium(browser: Browser, *switches: str) -> Iterator[BrowserContext]:
    """A new browser, which finds both names on this machine."""
    rules = ",".join(f"MAP {name} 127.0.0.1" for name in (APP, API))
    own = browser.browser_type.launch(
        executable_path=find_chromium(), args=["--no-sandbox", f"--host-resolver-rules={rules}", *switches]
    )
    yield own.new_context(ignore_https_errors=True, locale="en-IE", timezone_id="Europe/Dublin")
    own.close()


def signing_up(context: BrowserContext, sites: SplitHosting) -> BrowserUser:
    user = BrowserUser(context.new_page(), sites.app)
    user.sign_up()
    return user


@pytest.mark.parametrize("switches", [(), NO_THIRD_PARTY_COOKIES], ids=["third-party cookies allowed", "blocked"])
def test_it_works_where_the_browser_keeps_cookies_apart_for_each_site(
    browser: Browser, sites: SplitHosting, switches: tuple[str, ...]
) -> None:
    """`Partitioned` cookies cannot follow a user about, and are kept where others of a third party are not."""
    with chromium(browser, *switches) as context:
        user = signing_up(context, sites)
        user.add("12.50", "Food", "Bakery")
        user.sees_total("€12.50")
        user.page.reload()
        user.sees_total("€12.50")
        cookies = {cookie["name"]: cookie for cookie in context.cookies(sites.api)}
        assert {"__Host-outlay_access", "__Host-outlay_refresh"} == cookies.keys()
        assert all(cookie["secure"] and cookie["httpOnly"] for cookie in cookies.values())
        assert all(cookie["sameSite"] == "None" for cookie in cookies.values())
        assert user.page.evaluate("document.cookie") == ""
        user.sign_out()
        expect(user.page.get_by_role("button", name="Sign in")).to_be_visible()
        assert until(lambda: context.cookies(sites.api) == [], what="the cookies to be gone")


@pytest.mark.parametrize("switches", [(), NO_THIRD_PARTY_COOKIES], ids=["third-party cookies allowed", "blocked"])
def test_it_says_so_where_the_browser_keeps_none(
    browser: Browser, sites: SplitHosting, monkeypatch: pytest.MonkeyPatch, switches: tuple[str, ...]
) -> None:
    """To a browser that does not know the word `Partitioned`, it is not there; then blocked is blocked."""
    monkeypatch.setattr(sites.gateway, "alter", lambda said: said.replace(b"; Partitioned", b""))
    with chromium(browser, *switches) as context:
        user = signing_up(context, sites)

        if switches:
            fault = user.page.get_by_role("alert")
            expect(fault).to_contain_text("Your browser keeps no cookies for the server of this page")
            assert context.cookies(sites.api) == []
        else:
            user.sees_total("€0.00")
