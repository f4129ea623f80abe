"""Confirming an email address, in a real browser, where the system sends mail."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.support.browser_user import DESKTOP, PASSWORD, PHONE, browser_user
from tests.support.mail import Mailbox, mail_server
from tests.support.stack import Stack
from tests.support.waiting import until

pytestmark = [pytest.mark.stack, pytest.mark.browser]

CONFIRM = "Confirm your address"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def mailing_stack(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("mailing") / "home"
    with Stack(home, SMTP_URL=mailbox.url, MAIL_FROM="outlay@example.org") as running:
        yield running


def link_for(stack: Stack, mailbox: Mailbox, email: str) -> str:
    return mailbox.link(email, CONFIRM).replace("http://localhost:8000", stack.base_url)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["wide", "phone"])
def test_a_new_address_is_confirmed_by_a_link(
    mailing_stack: Stack, mailbox: Mailbox, browser: Browser, viewport: ViewportSize, request: pytest.FixtureRequest
) -> None:
    with browser_user(browser, mailing_stack.base_url, viewport) as user:
        size = request.node.callspec.id
        email = user.sign_up()
        note = user.page.get_by_text(f"Please confirm your address with the link that we sent to {email}")
        expect(note).to_be_visible()
        user.check_accessibility(f"verify-note-{size}")
        mailbox.newest(email, CONFIRM)
        user.page.get_by_role("button", name="Send again").click()
        user.notice(f"Sent to {email}")
        until(lambda: len(mailbox.to(email)) == 2, what="the second letter")

        user.page.goto(link_for(mailing_stack, mailbox, email))
        expect(user.page.get_by_role("heading", name="Confirm your address")).to_be_visible()
        user.check_accessibility(f"verify-page-{size}")
        user.page.get_by_role("button", name="Confirm").click()
        expect(user.page.get_by_text("Your address is confirmed.")).to_be_visible()
        user.check_accessibility(f"verified-page-{size}")
        user.page.get_by_role("link", name="Go to your overview").click()
        user.sees_total("€0.00")
        expect(note).to_have_count(0)


def test_another_address_counts_after_its_link_was_opened(
    mailing_stack: Stack, mailbox: Mailbox, browser: Browser
) -> None:
    with browser_user(browser, mailing_stack.base_url, PHONE) as user:
        old, new = user.sign_up(), f"{uuid4().hex}@outlay.example"
        user.sees_total("€0.00")
        user.go("/settings")
        user.page.get_by_label("Email").fill(new)
        user.page.get_by_role("textbox", name="Your password").fill(PASSWORD)
        user.page.get_by_role("button", name="Save").click()
        waiting = user.page.get_by_text(f"{old} stays your address until you open the link that we sent to {new}")
        expect(waiting).to_be_visible()
        expect(user.page.get_by_label("Email")).to_have_value(old)
        user.check_accessibility("pending-address-phone")

        user.page.goto(link_for(mailing_stack, mailbox, new))
        user.page.get_by_role("button", name="Confirm").click()
        expect(user.page.get_by_text("Your address is confirmed.")).to_be_visible()
        user.go("/settings")
        expect(user.page.get_by_label("Email")).to_have_value(new)
        expect(waiting).to_have_count(0)


def test_an_invitation_for_one_address_waits_until_it_is_confirmed(
    mailing_stack: Stack, mailbox: Mailbox, browser: Browser
) -> None:
    with (
        browser_user(browser, mailing_stack.base_url, DESKTOP) as ada,
        browser_user(browser, mailing_stack.base_url, PHONE) as bob,
    ):
        ada.sign_up()
        ada.sees_total("€0.00")
        email = bob.sign_up()
        bob.sees_total("€0.00")
        ada.go("/settings")
        ada.page.get_by_role("button", name="Create a ledger").click()
        dialog = ada.page.get_by_role("dialog")
        dialog.get_by_label("Name").fill("Home")
        dialog.get_by_role("button", name="Create").click()
        ada.page.get_by_role("button", name="Members of Home").click()
        dialog.get_by_label("Email").fill(email)
        dialog.get_by_role("button", name="Make a link").click()
        link = dialog.locator("code").inner_text().replace("http://localhost:8000", mailing_stack.base_url)

        bob.page.goto(link)
        expect(bob.page.get_by_text("This invitation is for your address alone")).to_be_visible()
        bob.check_accessibility("invitation-unverified-phone")
        bob.expect_refusal(403)
        bob.page.goto(link_for(mailing_stack, mailbox, email))
        bob.page.get_by_role("button", name="Confirm").click()
        expect(bob.page.get_by_text("Your address is confirmed.")).to_be_visible()
        bob.page.goto(link)
        bob.page.get_by_role("button", name="Join").click()
        bob.sees_total("€0.00")
        expect(bob.page.get_by_role("button", name="Ledger")).to_contain_text("Home")
        # Ada's token was stale for a moment when she made the ledger.
        ada.ignore_refusal(401)
        bob.ignore_refusal(401)
