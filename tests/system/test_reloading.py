"""Pages that are reloaded again and again, in a real browser: the user stays signed in even when responses are lost.

Two minutes pass for auth between two loads, so that each of them renews the session with a new refresh token.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from chassis.database.engine import Database
from services.auth.identity.tables import SessionRow
from tests.support.browser_user import DESKTOP, BrowserUser, browser_user
from tests.support.sessions import let_time_pass
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]

LOADS = 40
BROKEN_OFF = 15
SLOW = {"offline": False, "latency": 100, "downloadThroughput": 100_000, "uploadThroughput": 30_000}
"""A bad mobile line: milliseconds, and bytes a second."""


@pytest.fixture
def user(stack: Stack, browser: Browser) -> Iterator[BrowserUser]:
    with browser_user(browser, stack.base_url, DESKTOP) as user:
        user.sign_up()
        user.sees_total("€0.00")
        yield user


def use_line(page: Page, line: str) -> None:
    if line == "slow":
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)


def let_access_expire(page: Page) -> None:
    page.context.clear_cookies(name=f"outlay_access_{page.url.split(':')[2].split('/')[0]}")


def load(page: Page, number: int) -> None:
    """By its address or by F5, in turns; not waiting for more than the answer's head."""
    if number % 2:
        page.reload(wait_until="commit")
    else:
        page.goto(page.url, wait_until="commit")


def generation(database: Database, owner: BrowserUser) -> int:
    """How often the refresh token was replaced."""
    [cookie] = [one for one in owner.page.context.cookies() if one.get("name", "").startswith("outlay_refresh")]
    with database.snapshot() as session:
        family = cookie.get("value", "").partition(".")[0]
        return next(row.generation for row in session.query(SessionRow) if row.id.hex == family)


@pytest.mark.parametrize("line", ["plain", "slow"])
def test_forty_loads_that_each_renew_the_session(user: BrowserUser, auth_database: Database, line: str) -> None:
    use_line(user.page, line)

    for number in range(LOADS):
        let_time_pass(auth_database)
        let_access_expire(user.page)
        load(user.page, number)
        user.sees_total("€0.00")

    assert generation(auth_database, user) >= LOADS
    user.ignore_refusal(401)


@pytest.mark.parametrize("line", ["plain", "slow"])
def test_loads_that_each_break_off_a_renewal(user: BrowserUser, auth_database: Database, line: str) -> None:
    """The answer with the new cookies is lost, or arrives when its page has gone."""
    use_line(user.page, line)
    page = user.page

    for number in range(BROKEN_OFF):
        let_time_pass(auth_database)
        let_access_expire(page)
        with page.expect_request("**/api/v1/auth/refresh"):
            load(page, number)
        load(page, number + 1)
        # The figures come once the session is renewed: no answer that is under way restores the next access token.
        user.sees_total("€0.00")

    user.ignore_refusal(401)
