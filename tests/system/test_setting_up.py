"""The first account on a stack that others can reach, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser_user import DESKTOP, PHONE, browser_user
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.fixture(scope="module")
def open_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("open") / "home", HOST="0.0.0.0") as running:  # noqa: S104 - what is tried here
        yield running


def test_a_stranger_is_told_how_to_become_administrator_and_the_set_up_link_makes_one(
    open_stack: Stack, browser: Browser
) -> None:
    with browser_user(browser, open_stack.base_url, PHONE) as stranger:
        email = stranger.sign_up()
        stranger.sees_total("€0.00")
        stranger.go("/settings")
        expect(stranger.page.get_by_text(f"outlay auth make-admin {email}")).to_be_visible()
        expect(stranger.page.get_by_text("Who may join this Outlay")).to_have_count(0)
        stranger.check_accessibility("no-administrator-phone")
    link = re.search(r"The administrator signs up here: (\S+)", open_stack.output())
    assert link, open_stack.output()
    fragment = link[1].partition("/#")[2]
    with browser_user(browser, open_stack.base_url, DESKTOP) as operator:
        asked: list[str] = []
        operator.page.on("request", lambda request: asked.append(request.url))
        operator.page.goto(f"{open_stack.base_url}/#{fragment}")
        expect(operator.page.get_by_text("This account becomes the administrator")).to_be_visible()
        operator.check_accessibility("set-up-wide")
        assert not any(fragment.removeprefix("setup=") in url.partition("#")[0] for url in asked)
        operator.fill_in_account("operator@outlay.example")
        operator.page.get_by_role("button", name="Create account").click()
        operator.sees_total("€0.00")
        operator.go("/settings")
        expect(operator.page.get_by_text("Who may join this Outlay")).to_be_visible()
        operator.ignore_refusal(401)
    with browser_user(browser, open_stack.base_url, DESKTOP) as late:
        late.page.goto(f"{open_stack.base_url}/#{fragment}")
        expect(late.page.get_by_role("button", name="Create account")).to_be_visible()
        expect(late.page.get_by_text("This account becomes the administrator")).to_have_count(0)
        late.ignore_refusal(401)
