"""Links that an operator makes, in a real browser: for a new user, and for one who forgot a password."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser_user import PHONE, BrowserUser, browser_user
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.fixture
def user(stack: Stack, browser: Browser) -> Iterator[BrowserUser]:
    with browser_user(browser, stack.base_url, PHONE) as user:
        yield user


def link_by(stack: Stack, *words: str) -> str:
    """What `outlay auth` prints first."""
    command = [sys.executable, "-m", "deploy.local.outlay", "auth", *words]
    here = os.environ | {"OUTLAY_HOME": str(stack.home)}
    link, *_ = subprocess.run(command, env=here, text=True, capture_output=True, check=True).stdout.splitlines()
    return link


def follow(user: BrowserUser, link: str) -> None:
    """As from a letter: nothing of the app is open yet."""
    user.page.goto("about:blank")
    user.page.goto(link)


def test_a_new_password_is_chosen_once_by_a_link(stack: Stack, user: BrowserUser) -> None:
    email = user.sign_up()
    user.sees_total("€0.00")
    link = link_by(stack, "reset-link", email)
    field, change = user.page.get_by_label("New password"), user.page.get_by_role("button", name="Change password")

    follow(user, link)
    assert not user.accessibility_violations("dark")
    field.fill("another calm river")
    change.click()
    user.notice("Your password is changed.")

    follow(user, link)
    field.fill("yet another calm river")
    change.click()
    expect(user.page.get_by_role("alert")).to_contain_text("This link has been used")
    assert not user.accessibility_violations("light")
    user.expect_refusal(422)


def test_a_link_without_its_end_says_so_and_leads_on(user: BrowserUser) -> None:
    user.go("/reset-password")
    expect(user.page.get_by_text("This link is incomplete.")).to_be_visible()

    user.page.get_by_role("link", name="Ask for another").click()
    expect(user.page.get_by_text("This Outlay sends no mail.")).to_be_visible()
    assert not user.accessibility_violations("dark")


def test_an_invited_user_makes_an_account(stack: Stack, user: BrowserUser) -> None:
    follow(user, link_by(stack, "invite"))
    user.page.get_by_label("Email").fill("invited@outlay.example")
    user.page.get_by_role("textbox", name="Password").fill("a calm river at dusk")
    user.page.get_by_role("button", name="Create account").click()
    user.sees_total("€0.00")
