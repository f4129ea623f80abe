"""Questions and a model in the whole system: answered from the book in a browser, and nothing sent without a yes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.support.browser_user import DESKTOP, PHONE, BrowserUser, browser_user
from tests.support.model_server import FakeModelMode, ModelServer
from tests.support.stack import Stack
from tests.support.waiting import until

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture(scope="module")
def with_model(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> Iterator[Stack]:
    home: Path = tmp_path_factory.mktemp("asking") / "home"
    with Stack(home, OPENAI_BASE_URL=model.url, OPENAI_MODEL="small") as running:
        yield running


WORDED = "The largest part went to Coffee, with"


def with_two_coffees(user: BrowserUser) -> None:
    user.sign_up()
    for amount in ("4.20", "3.80"):
        user.add(amount, "Coffee", "Corner Bar")
        user.notice(f"Saved: €{amount} for Coffee.")


def test_a_question_is_answered_and_its_number_opens_its_payments(
    with_model: Stack, model: ModelServer, browser: Browser
) -> None:
    with browser_user(browser, with_model.base_url, DESKTOP) as user:
        page = user.page
        with_two_coffees(user)

        box = page.get_by_role("textbox", name="Ask about your spending")
        box.fill("How much on coffee this month?")
        box.press("Enter")
        answer = page.get_by_role("region", name="Ask").get_by_role("log")
        expect(answer).to_contain_text("you spent €8.00 on Coffee, in 2\u00a0payments.")
        for theme in ("light", "dark"):
            assert user.accessibility_violations(theme) == []
        answer.get_by_role("link", name="€8.00").click()

        expect(page).to_have_url(re.compile(r"/expenses\?.*category="))
        expect(page.get_by_role("button", name=re.compile("Edit: Corner Bar"))).to_have_count(2)
        assert model.requests == [], "no user has consented"


def test_after_a_yes_the_model_words_the_facts_and_its_server_is_looked_at(
    with_model: Stack, model: ModelServer, browser: Browser
) -> None:
    with browser_user(browser, with_model.base_url, PHONE) as user:
        page = user.page
        with_two_coffees(user)
        user.go("/settings/ai")
        page.get_by_text("help with this ledger").click()
        expect(page.get_by_role("switch")).to_be_checked()
        page.get_by_role("button", name="Look at the server").click()
        expect(page.get_by_text("All is well. It is asked by schema.")).to_be_visible()
        for theme in ("light", "dark"):
            assert user.accessibility_violations(theme) == []

        page.goto(with_model.base_url)
        expect(page.get_by_text(WORDED)).to_be_visible(timeout=60_000)

        sent = str(model.requests)
        assert not any(word in sent for word in ("Corner Bar", "Coffee", "outlay.example"))


def test_words_that_came_before_the_page_was_listening_are_shown_all_the_same(
    with_model: Stack, model: ModelServer, browser: Browser
) -> None:
    model.mode = FakeModelMode.HANGING
    with browser_user(browser, with_model.base_url, DESKTOP) as user:
        page = user.page
        with_two_coffees(user)
        user.go("/settings/ai")
        asked = len(model.requests)
        page.get_by_text("help with this ledger").click()
        expect(page.get_by_role("switch")).to_be_checked()
        until(lambda: len(model.requests) > asked, what="the model to be asked")
        streams: list[Route] = []

        def hold(stream: Route) -> None:
            streams.append(stream)

        page.route("**/api/v1/live*", hold)
        page.goto(with_model.base_url)
        expect(page.get_by_text("Coffee is the largest part of")).to_be_visible()

        model.mode = FakeModelMode.RIGHT
        model.released.set()
        stored = f"{with_model.base_url}/api/v1/insights"
        until(lambda: WORDED in page.request.get(stored).text(), what="the words to be stored")
        until(lambda: page.title() and streams, what="the page to listen")
        assert page.get_by_text(WORDED).count() == 0, "the page was not notified"
        for stream in streams:
            stream.continue_()

        expect(page.get_by_text(WORDED)).to_be_visible()
