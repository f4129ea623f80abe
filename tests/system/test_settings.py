"""What people do about themselves and with each other, in a real browser, against the whole running system."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser_user import DESKTOP, PASSWORD, PHONE, BrowserUser, browser_user
from tests.support.client import Client
from tests.support.stack import Stack
from tests.support.waiting import until

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def settings(user: BrowserUser) -> None:
    user.page.get_by_role("link", name="Settings").click()
    expect(user.page.get_by_role("heading", name="Settings")).to_be_visible()


def barriers(user: BrowserUser) -> list[str]:
    return [said for theme in ("light", "dark") for said in user.accessibility_violations(theme)]


def invited(user: BrowserUser, ledger: str) -> str:
    """Makes a ledger, and a link into it."""
    settings(user)
    user.page.get_by_role("button", name="Create a ledger").click()
    dialog = user.page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(ledger)
    dialog.get_by_role("button", name="Create").click()
    user.notice(f"{ledger} is ready")
    user.page.get_by_role("button", name=f"Members of {ledger}").click()
    dialog.get_by_role("button", name="Make a link").click()
    link = dialog.locator("code").inner_text()
    assert barriers(user) == []
    dialog.get_by_role("button", name="Close").click()
    return link


def test_two_people_keep_a_ledger_together(stack: Stack, browser: Browser) -> None:
    with browser_user(browser, stack.base_url, DESKTOP) as ada, browser_user(browser, stack.base_url, PHONE) as bob:
        ada.sign_up()
        ada.sees_total("€0.00")
        bob.sign_up()
        bob.sees_total("€0.00")
        link = invited(ada, "Home")

        bob.page.goto(link)
        bob.page.get_by_role("button", name="Join").click()
        bob.add("12.50", "Food", "Corner Shop")
        bob.sees_total("€12.50")

        ada.go("/")
        ada.page.get_by_role("button", name=re.compile("Ledger")).click()
        ada.page.get_by_role("option", name="Home").click()
        ada.sees_total("€12.50")
        bob.add("2.50", "Food", "Bakery")
        ada.sees_total("€15.00")

        settings(ada)
        ada.page.get_by_role("button", name="Members of Home").click()
        ada.page.get_by_role("dialog").get_by_role("button", name=re.compile("Role of")).click()
        ada.page.get_by_role("option", name="Viewer").click()
        expect(bob.page.get_by_role("form", name="New expense")).to_have_count(0)
        expect(bob.page.get_by_text("Bakery")).to_be_visible()
        expect(bob.page.get_by_role("button", name=re.compile("Edit: "))).to_have_count(0)

        # Bob's live stream was closed with his old role; it comes back by itself with the new one.
        ada.page.get_by_role("dialog").get_by_role("button", name="Close").click()
        ada.page.get_by_role("link", name="Overview").first.click()
        ada.add("1.00", "Food", "Kiosk")
        ada.sees_total("€16.00")
        bob.sees_total("€16.00")
        # Their tokens were stale for a moment, which browsers complain of.
        ada.ignore_refusal(401)
        bob.ignore_refusal(401)


def made_token(user: BrowserUser, name: str, password: str = PASSWORD) -> str:
    """Makes a token in the settings, and returns it."""
    user.page.get_by_role("button", name="Make a token").click()
    dialog = user.page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("textbox", name="Your password").fill(password)
    dialog.get_by_role("button", name="Make a token").click()
    token = dialog.locator("code").inner_text()
    dialog.get_by_role("button", name="Done").click()
    return token


def status_of(stack: Stack, token: str) -> int:
    """What a program with this token is answered."""
    return Client(stack.base_url, token).get("/api/v1/auth/me").status


def test_a_token_for_a_program_is_shown_once_and_good_until_it_is_revoked(stack: Stack, browser: Browser) -> None:
    with browser_user(browser, stack.base_url, DESKTOP) as user:
        user.sign_up()
        settings(user)
        user.page.get_by_role("button", name="Make a token").click()
        dialog = user.page.get_by_role("dialog")
        assert barriers(user) == []
        dialog.get_by_label("Name").fill("backup script")
        dialog.get_by_role("textbox", name="Your password").fill("not that one")
        dialog.get_by_role("button", name="Make a token").click()
        expect(dialog.get_by_text("That is not your password", exact=False)).to_be_visible()
        user.expect_refusal(422)
        dialog.get_by_role("textbox", name="Your password").fill(PASSWORD)
        dialog.get_by_role("button", name="Make a token").click()
        token = dialog.locator("code").inner_text()
        dialog.get_by_role("button", name="Done").click()
        assert status_of(stack, token) == 200

        user.page.get_by_role("button", name="Revoke backup script").click()
        user.page.get_by_role("alertdialog").get_by_role("button", name="Revoke").click()
        expect(user.page.get_by_text("backup script")).to_have_count(0)


def test_a_new_password_signs_out_everywhere_else(stack: Stack, browser: Browser) -> None:
    with (
        browser_user(browser, stack.base_url, DESKTOP) as user,
        browser_user(browser, stack.base_url, PHONE) as elsewhere,
    ):
        email = user.sign_up()
        user.sees_total("€0.00")
        elsewhere.sign_in(email)
        elsewhere.sees_total("€0.00")
        settings(user)
        expect(user.page.get_by_text("this one")).to_be_visible()
        assert barriers(user) == []
        user.page.get_by_label("Current password").fill(PASSWORD)
        user.page.get_by_role("textbox", name="New password").fill("another calm river")
        user.page.get_by_role("button", name="Change password").click()
        user.notice("Your password is changed")
        expect(elsewhere.page.get_by_role("heading", name="Sign in")).to_be_visible()
        elsewhere.ignore_refusal(401)


def test_programs_keep_their_tokens_unless_they_are_revoked_with_the_password(stack: Stack, browser: Browser) -> None:
    with browser_user(browser, stack.base_url, PHONE) as user:
        user.sign_up()
        settings(user)
        expect(user.page.get_by_role("checkbox", name="Revoke the token")).to_have_count(0)
        token = made_token(user, "backup script")
        passwords = [PASSWORD, "another calm river", "a third calm river"]

        for now, then, revoke in ((0, 1, False), (1, 2, True)):
            user.page.get_by_label("Current password").fill(passwords[now])
            user.page.get_by_role("textbox", name="New password").fill(passwords[then])
            checkbox = user.page.get_by_role("checkbox", name="Revoke the token of 1 program as well")
            expect(checkbox).not_to_be_checked()
            if revoke:
                user.page.get_by_text("Revoke the token of 1 program as well").click()
                assert barriers(user) == []
            user.page.get_by_role("button", name="Change password").click()
            expect(user.page.get_by_label("Current password")).to_have_value("")
            if not revoke:
                assert status_of(stack, token) == 200
        until(lambda: status_of(stack, token) == 401, what="the token to be refused")
        expect(user.page.get_by_text("backup script")).to_have_count(0)


def test_signing_out_everywhere_offers_to_revoke_tokens(stack: Stack, browser: Browser) -> None:
    with (
        browser_user(browser, stack.base_url, DESKTOP) as user,
        browser_user(browser, stack.base_url, PHONE) as elsewhere,
    ):
        email = user.sign_up()
        user.sees_total("€0.00")
        elsewhere.sign_in(email)
        elsewhere.sees_total("€0.00")
        settings(user)
        token = made_token(user, "backup script")
        user.page.get_by_role("button", name="Sign out everywhere else").click()
        question = user.page.get_by_role("alertdialog")
        question.get_by_text("Revoke the token of 1 program as well").click()
        assert barriers(user) == []
        question.get_by_role("button", name="Sign out").click()

        expect(elsewhere.page.get_by_role("heading", name="Sign in")).to_be_visible()
        until(lambda: status_of(stack, token) == 401, what="the token to be refused")
        elsewhere.ignore_refusal(401)


def test_deleting_a_shared_ledger_asks_for_the_password(stack: Stack, browser: Browser) -> None:
    with browser_user(browser, stack.base_url, DESKTOP) as user:
        user.sign_up()
        invited(user, "Home")
        user.page.get_by_role("button", name="Members of Home").click()
        user.page.get_by_role("button", name="Delete this ledger").click()
        question = user.page.get_by_role("alertdialog", name="Delete Home?")
        assert barriers(user) == []
        question.get_by_role("textbox", name="Your password").fill("not that one")
        question.get_by_role("button", name="Delete for everyone").click()
        expect(question.get_by_text("That is not your password", exact=False)).to_be_visible()
        user.expect_refusal(422)
        question.get_by_role("textbox", name="Your password").fill(PASSWORD)
        question.get_by_role("button", name="Delete for everyone").click()
        expect(user.page.get_by_role("button", name="Members of Home")).to_have_count(0)
        # Its own stream and the pages about it end with it; what was asked with a new token finds nothing.
        user.ignore_refusal(401)
        user.ignore_refusal(404)


def test_a_user_who_deletes_their_account_gets_a_receipt(stack: Stack, browser: Browser) -> None:
    with browser_user(browser, stack.base_url, PHONE) as user:
        email = user.sign_up()
        user.add("12.50", "Food", "Corner Shop")
        user.sees_total("€12.50")
        settings(user)
        user.page.get_by_role("button", name="Delete my account").click()
        dialog = user.page.get_by_role("alertdialog")
        dialog.get_by_role("textbox", name="Your password").fill(PASSWORD)
        dialog.get_by_role("button", name="Delete for ever").click()
        expect(user.page.get_by_role("heading", name="Your account is deleted")).to_be_visible()
        expect(user.page.get_by_text("expenses 1")).to_be_visible()
        assert barriers(user) == []

        user.sign_in(email)
        expect(user.page.get_by_role("alert")).to_be_visible()
        user.expect_refusal(401)
