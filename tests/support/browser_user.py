"""A user at a browser: what they do with the web app, in the words of its own labels."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, ViewportSize, expect

from deploy.local.workshop import ROOT
from tests.support.waiting import TIMEOUT

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

PASSWORD = "a calm river at dawn"

_AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_TELL_OF_VIOLATIONS = "addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective))"

expect.set_options(timeout=TIMEOUT * 1000)

Theme = Literal["light", "dark"]


class BrowserUser:
    """One browser with cookies of its own. Whatever goes wrong in it is remembered in `trouble`."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page = page
        self.problems: list[str] = []
        self._base_url = base_url
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def go(self, path: str) -> None:
        """Opens a page of the app by its address, and waits for its title."""
        self.page.goto(self._base_url + path)
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def sign_up(self) -> str:
        """A new account; returns its address."""
        email = f"{uuid4().hex}@outlay.example"
        self.go("/sign-up")
        self._fill_sign_in_form(email)
        self.page.get_by_role("button", name="Create account").click()
        return email

    def sign_in(self, email: str) -> None:
        self.go("/sign-in")
        self._fill_sign_in_form(email)
        self.page.get_by_role("button", name="Sign in").click()

    def fill_in_account(self, email: str) -> None:
        """Fills in the address and the password in the form that is shown."""
        self._fill_sign_in_form(email)

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="Sign out").click()

    def add(self, amount: str, category: str, merchant: str) -> None:
        """An expense, in the line on the overview; Enter saves it."""
        form = self.page.get_by_role("form", name="New expense")
        form.get_by_label("Amount").fill(amount)
        form.get_by_role("combobox", name="Category").fill(category)
        form.get_by_label("Merchant").fill(merchant)
        form.get_by_label("Merchant").press("Enter")

    def open(self, merchant: str) -> Locator:
        """The dialog of an expense that is listed."""
        self._listed(merchant).click()
        return self.page.get_by_role("dialog", name="Edit expense")

    def correct(self, merchant: str, amount: str) -> None:
        dialog = self.open(merchant)
        dialog.get_by_label("Amount").fill(amount)
        dialog.get_by_role("button", name="Save").click()

    def delete(self, merchant: str) -> None:
        self.open(merchant).get_by_role("button", name="Delete").click()
        question = self.page.get_by_role("alertdialog", name="Delete this expense?")
        question.get_by_role("button", name="Delete").click()

    def notice(self, words: str) -> Locator:
        """What the app says at the foot of the page, once it does."""
        notice = self.page.get_by_role("region", name="Notices").get_by_role("status").locator("> *", has_text=words)
        expect(notice).to_be_visible()
        return notice

    def sees_total(self, total: str) -> None:
        """The month's, as soon as it is this; nothing is reloaded."""
        expect(self.page.get_by_test_id("month-total")).to_have_text(total)

    def expect_refusal(self, status: int) -> None:
        """Browsers complain of every refusal; this one was meant."""
        before = len(self.problems)
        self.ignore_refusal(status)
        assert len(self.problems) < before, f"no request was refused with {status}"

    def ignore_refusal(self, status: int) -> None:
        """As above, where a refusal may come or not: it depends on who is quicker."""
        self.problems = [said for said in self.problems if f"status of {status}" not in said]

    def sees_expense(self, merchant: str, amount: str) -> None:
        expect(self._listed(merchant)).to_contain_text(amount)

    def accessibility_violations(self, theme: Theme) -> list[str]:
        """What axe finds wrong with the page, once it has its title: before that there is nothing to look at."""
        expect(self.page.locator("h1").first).to_be_attached()
        self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        self.page.evaluate(_AXE.read_text("utf-8"))
        # React Aria's announcer keeps what it said for some seconds, about buttons that are gone by then too.
        found: dict[str, Any] = self.page.evaluate("axe.run({ exclude: ['[data-live-announcer]'] })")
        return [_said(violation) for violation in found["violations"]]

    def check_accessibility(self, name: str) -> None:
        """Asserts that axe finds no barrier in either theme; saves pictures in the folder that `PICTURES` names."""
        themes: tuple[Theme, ...] = ("light", "dark")
        for theme in themes:
            assert self.accessibility_violations(theme) == []
            if folder := os.environ.get("PICTURES"):
                self.page.screenshot(path=Path(folder) / f"{name}-{theme}.png", full_page=True)
        self.page.emulate_media(color_scheme="light")

    def _listed(self, merchant: str) -> Locator:
        return self.page.get_by_role("button", name=re.compile(f"Edit: {merchant}"))

    def _fill_sign_in_form(self, email: str) -> None:
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_role("textbox", name="Password").fill(PASSWORD)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"{message.text} ({self.page.url})")


@contextmanager
def browser_user(browser: Browser, base_url: str, viewport: ViewportSize) -> Iterator[BrowserUser]:
    """A user in Ireland. Fails at the end where the browser had anything to complain about."""
    context = browser.new_context(viewport=viewport, locale="en-IE", timezone_id="Europe/Dublin")
    context.add_init_script(_TELL_OF_VIOLATIONS)
    with context:
        user = BrowserUser(context.new_page(), base_url)
        try:
            yield user
        except Exception as error:
            error.add_note(f"{user.page.url} {user.problems}\n{user.page.locator('body').inner_text()}")
            raise
        assert not user.problems, user.problems


def _said(violation: dict[str, Any]) -> str:
    where = ", ".join(node["html"][:120] for node in violation["nodes"][:3])
    return f"{violation['id']} ({violation['impact']}): {where}"
