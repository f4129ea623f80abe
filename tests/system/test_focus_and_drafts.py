"""Users keep their place and what they typed: in a real browser, against the whole running system."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser_user import DESKTOP, PHONE, browser_user
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_who_deletes_by_keyboard_goes_on_from_there(stack: Stack, browser: Browser) -> None:
    with browser_user(browser, stack.base_url, DESKTOP) as user:
        user.sign_up()
        for merchant in ("First", "Second", "Third"):
            user.add("5", "Food", merchant)
            user.notice("Saved")
            user.sees_expense(merchant, "€5.00")
        user.page.get_by_role("button", name="Delete Second, €5.00").press("Enter")
        question = user.page.get_by_role("alertdialog", name="Delete this expense?")
        question.get_by_role("button", name="Delete").press("Enter")
        user.notice("Deleted")
        expect(user.page.get_by_role("button", name=re.compile("Edit: First"))).to_be_focused()


def test_a_touch_beside_an_expense_that_is_being_changed_loses_nothing(stack: Stack, browser: Browser) -> None:
    with browser_user(browser, stack.base_url, PHONE) as user:
        user.sign_up()
        user.add("5", "Food", "Corner Shop")
        dialog = user.open("Corner Shop")
        dialog.get_by_label("Note").fill("long thought about")
        user.page.mouse.click(5, 5)
        dialog.get_by_role("button", name="Save").click()
        user.notice("Saved.")
        expect(user.page.get_by_text("long thought about")).to_be_visible()


def test_signing_out_does_not_disturb_a_page_before_the_door(stack: Stack, browser: Browser) -> None:
    with browser_user(browser, stack.base_url, DESKTOP) as user:
        user.sign_up()
        user.sees_total("€0.00")
        elsewhere = user.page.context.new_page()
        elsewhere.goto(f"{stack.base_url}/reset-password#made-up")
        password = elsewhere.get_by_role("textbox", name="New password")
        password.fill("chosen with care")
        user.sign_out()
        expect(user.page.get_by_role("heading", name="Sign in")).to_be_visible()
        elsewhere.get_by_role("button", name="Change password").click()
        expect(elsewhere.get_by_role("alert")).to_be_visible()
        expect(password).to_have_value("chosen with care")


def test_a_page_that_cannot_be_fetched_says_so_and_comes_later(stack: Stack, browser: Browser) -> None:
    with browser_user(browser, stack.base_url, DESKTOP) as user:
        user.sign_up()
        user.sees_total("€0.00")
        user.page.context.set_offline(True)
        user.page.get_by_role("link", name="Activity").click()
        expect(user.page.get_by_role("alert")).to_contain_text("This page could not be fetched.")
        expect(user.page.get_by_role("main")).to_have_count(1)
        user.page.context.set_offline(False)
        user.page.get_by_role("button", name="Try again").click()
        expect(user.page.get_by_role("heading", name="Activity")).to_be_visible()
        user.problems.clear()


def test_ones_data_can_be_taken_along_though_the_session_had_run_out(stack: Stack, browser: Browser) -> None:
    with browser_user(browser, stack.base_url, DESKTOP) as user:
        user.sign_up()
        user.sees_total("€0.00")
        user.go("/settings")
        user.page.context.clear_cookies(name=re.compile("access"))
        with user.page.expect_download() as taken:
            user.page.get_by_role("button", name="Download the ledger").click()
        assert taken.value.suggested_filename.endswith(".zip")
        assert taken.value.failure() is None
        user.ignore_refusal(401)
