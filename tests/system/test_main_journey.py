"""The main way through the web app, in a real browser, against the whole running system."""

import pytest
from playwright.sync_api import APIResponse, Browser, Locator, Route, ViewportSize, expect

from tests.support.browser_user import DESKTOP, PHONE, BrowserUser, browser_user
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]

both_widths = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])


@both_widths
def test_from_signing_up_to_signing_out(stack: Stack, browser: Browser, viewport: ViewportSize) -> None:
    with browser_user(browser, stack.base_url, viewport) as user:
        user.sign_up()
        user.sees_total("€0.00")

        user.add("12,50", "Food", "Corner Shop")
        user.notice("Saved: €12.50 for Food.")
        user.sees_total("€12.50")

        user.correct("Corner Shop", "13")
        user.notice("Saved.")
        user.sees_total("€13.00")
        user.sees_expense("Corner Shop", "€13.00")

        user.delete("Corner Shop")
        user.sees_total("€0.00")
        user.notice("Deleted: €13.00").get_by_role("button", name="Undo").click()
        user.notice("Undone.")
        user.sees_total("€13.00")

        user.sign_out()
        expect(user.page.get_by_role("heading", name="Sign in")).to_be_visible()


@both_widths
def test_another_device_sees_every_change_without_reloading(
    stack: Stack, browser: Browser, viewport: ViewportSize
) -> None:
    with (
        browser_user(browser, stack.base_url, DESKTOP) as user,
        browser_user(browser, stack.base_url, viewport) as elsewhere,
    ):
        email = user.sign_up()
        user.sees_total("€0.00")
        elsewhere.sign_in(email)
        elsewhere.sees_total("€0.00")

        user.add("12.50", "Food", "Corner Shop")
        elsewhere.sees_total("€12.50")
        elsewhere.correct("Corner Shop", "20")
        user.sees_total("€20.00")
        user.sees_expense("Corner Shop", "€20.00")
        user.delete("Corner Shop")
        elsewhere.sees_total("€0.00")
        user.notice("Deleted").get_by_role("button", name="Undo").click()
        elsewhere.sees_total("€20.00")


def test_a_write_that_overtakes_the_first_reading_of_the_total_is_seen(stack: Stack, browser: Browser) -> None:
    with browser_user(browser, stack.base_url, DESKTOP) as user:
        held: list[tuple[Route, APIResponse]] = []

        def hold_the_first(route: Route) -> None:
            if held:
                route.continue_()
            else:
                held.append((route, route.fetch()))

        # Not with `times=1`: turning the watching off can lose a request that is on its way just then.
        user.page.route("**/api/v1/summary?*", hold_the_first)
        user.sign_up()
        user.add("12.50", "Food", "Corner Shop")
        user.notice("Saved")
        (route, answer) = held[0]
        assert answer.json()["total"] == "0.00"
        route.fulfill(response=answer)
        user.sees_total("€12.50")


def test_signing_out_first_leaves_the_page_then_the_session(stack: Stack, browser: Browser) -> None:
    """Whatever is still on screen would ask for its figures again, and be refused."""
    with browser_user(browser, stack.base_url, DESKTOP) as user:
        user.sign_up()
        user.sees_total("€0.00")
        held: list[Route] = []
        user.page.route("**/api/v1/auth/logout", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
        user.sign_out()
        expect(user.page.get_by_role("heading", name="Sign in")).to_be_visible()
        held[0].abort()
        with user.page.expect_request("**/api/v1/auth/logout"):
            user.notice("you are still signed in").get_by_role("button", name="Try again").click()
        asked: list[str] = []
        user.page.on("request", lambda request: asked.append(request.url))
        with user.page.expect_response("**/api/v1/auth/logout"):
            held[1].continue_()
        user.page.wait_for_load_state("networkidle")
        assert asked == []
        user.problems = [said for said in user.problems if "ERR_FAILED" not in said]


def test_undo_by_keyboard(stack: Stack, browser: Browser) -> None:
    """F6 goes to the notice from wherever one is; Enter does what it offers, and the focus goes back."""
    with browser_user(browser, stack.base_url, DESKTOP) as user:
        user.sign_up()
        user.add("5", "Food", "Corner Shop")
        user.notice("Saved")
        amount = user.page.get_by_role("form", name="New expense").get_by_label("Amount")
        expect(amount).to_be_focused()
        user.page.keyboard.press("F6")
        user.page.keyboard.press("Enter")
        user.notice("Undone.")
        user.sees_total("€0.00")
        expect(amount).to_be_focused()


def test_the_activity_tells_what_happened_and_takes_it_back(stack: Stack, browser: Browser) -> None:
    with browser_user(browser, stack.base_url, PHONE) as user:
        user.sign_up()
        user.add("12.50", "Food", "Rewe")
        user.sees_total("€12.50")
        user.correct("Rewe", "13")
        user.sees_total("€13.00")
        user.page.get_by_role("link", name="Activity").click()
        lines = user.page.get_by_role("main").get_by_role("listitem")
        expect(lines).to_contain_text(["You changed Rewe, €12.50 → €13.00", "You added Rewe, €12.50", "was opened"])

        refused = _undo(user, "You added Rewe, €12.50")
        expect(refused).to_contain_text("Changed or deleted since: Rewe, €12.50")
        refused.get_by_role("button", name="Close").click()
        user.expect_refusal(409)

        _undo(user, "You changed Rewe, €12.50 → €13.00")
        user.notice("Undone.")
        expect(lines.first).to_contain_text("You changed back Rewe, €13.00 → €12.50")
        expect(lines.nth(1)).to_contain_text("Undone")
        user.page.get_by_role("link", name="Overview", exact=True).click()
        user.sees_total("€12.50")


@both_widths
def test_axe_finds_no_barriers(stack: Stack, browser: Browser, viewport: ViewportSize) -> None:
    with browser_user(browser, stack.base_url, viewport) as user:
        user.go("/sign-up")
        found = _barriers(user)
        user.sign_up()
        user.add("12.50", "Food", "Corner Shop")
        user.sees_total("€12.50")
        user.add("-3", "Books", "Second Hand")
        user.sees_total("€9.50")
        found += _barriers(user)
        for path in ("/expenses?currency=EUR", "/activity"):
            user.go(path)
            expect(user.page.get_by_text("Second Hand").first).to_be_visible()
            found += _barriers(user)
        user.sign_out()
        expect(user.page.get_by_role("heading", name="Sign in")).to_be_visible()
        found += _barriers(user)
        assert found == []


def _barriers(user: BrowserUser) -> list[str]:
    return [
        f"{user.page.url} {theme}: {said}"
        for theme in ("light", "dark")
        for said in user.accessibility_violations(theme)
    ]


def _undo(user: BrowserUser, sentence: str) -> Locator:
    user.page.get_by_role("button", name=f"Undo: {sentence}").click()
    return user.page.get_by_role("alertdialog")
