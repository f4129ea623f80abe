"""A ledger whose pages take too long keeps no other ledger waiting, and is taken in all the same."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chassis.database.engine import Database
from chassis.errors import Unavailable
from chassis.journal import feed
from chassis.journal.feed import UpstreamTimeout
from chassis.projections import stragglers
from chassis.redis.client import connect
from chassis.security.service_tokens import ServiceTokens
from contracts.ids import LedgerId
from contracts.journal import HeadsPage, JournalEntry, StreamMessage
from services.insights.components import InsightsComponents, assemble
from services.insights.projections.checkpoints import CHECKPOINTS
from services.insights.projections.effects import CommitEffects
from tests.support.ledger_services import LedgerServices, LedgerUser
from tests.support.serving import serving
from tests.support.slow_feed import ImpatientClient, SlowFeed
from tests.support.waiting import until

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
def slow(services: LedgerServices, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[SlowFeed, str]]:
    monkeypatch.setattr(stragglers, "FIRST_DELAY", 0.05)
    slow_feed = SlowFeed(services.expenses)
    with serving(slow_feed, lifespan="off") as url:
        yield slow_feed, url


@contextmanager
def reading(services: LedgerServices, url: str) -> Iterator[InsightsComponents]:
    """What a consumer has that reads the book there."""
    settings = services.insights_settings
    database = Database(settings.database_url, durable=False)
    client = ImpatientClient(url, "expenses", ServiceTokens("insights", settings.service_keys))
    components = assemble(database, client, CommitEffects(connect(settings.redis_url.get_secret_value())))
    components.reader.stragglers.start()
    yield components
    components.reader.stragglers.stop()
    database.close()


def busy_person(services: LedgerServices, entries: int) -> LedgerUser:
    user = services.new_user()
    for number in range(entries):
        user.record(str(number + 1), spent_on="2026-05-05")
    return user


def reached(services: LedgerServices, *users: LedgerUser) -> list[int]:
    _, database = services.components()
    with database.snapshot() as session:
        found = CHECKPOINTS.of(session, [user.ledger for user in users])
    database.close()
    return [found[user.ledger].revision for user in users]


def message_of(user: LedgerUser, *, whole: bool = False) -> StreamMessage:
    """That of its newest entry."""
    entry = JournalEntry.model_validate(user.book.get("/api/v1/journal?limit=500").json["items"][-1])
    return StreamMessage(ledger=entry.ledger, revision=entry.revision, entry=entry if whole else None)


def test_a_sweep_goes_on_behind_a_slow_ledger_which_comes_in_smaller_pages(
    services: LedgerServices, slow: tuple[SlowFeed, str]
) -> None:
    slow_feed, url = slow
    one, *others = busy_person(services, 9), *(busy_person(services, 1) for _ in range(3))
    slow_feed.slow = {one.account}
    with reading(services, url) as components:
        components.sweep.run()

        assert reached(services, *others) == [2, 2, 2]
        until(lambda: reached(services, one) == [10], what="the slow one, a few entries at a time")
        until(lambda: not components.reader.stragglers.includes(one.ledger), what="nothing to be left")
        assert slow_feed.held >= 3, "each page shorter than the one before"
        assert components.sweep.run() == 0


def test_a_batch_of_the_stream_goes_on_without_a_slow_ledger(
    services: LedgerServices, slow: tuple[SlowFeed, str]
) -> None:
    slow_feed, url = slow
    one, other = busy_person(services, 5), busy_person(services, 1)
    slow_feed.slow = {one.account}
    with reading(services, url) as components:
        assert components.reader.apply_messages([message_of(one), message_of(other)])

        assert reached(services, other) == [2]
        until(lambda: reached(services, one) == [6], what="the slow one")


def test_what_came_whole_is_taken_in_while_the_book_is_away(services: LedgerServices) -> None:
    whole, bare = busy_person(services, 0), busy_person(services, 1)
    whole.book.get("/api/v1/ledger")
    with reading(services, services.expenses) as components:
        assert components.reader.apply_messages([message_of(whole)])
    whole.record("1", spent_on="2026-05-05")
    with reading(services, NOWHERE) as components:
        assert not components.reader.apply_messages([message_of(bare), message_of(whole, whole=True)]), (
            "a sweep has to see to the rest"
        )

        assert reached(services, whole, bare) == [2, 0]


def test_a_book_that_hangs_ends_the_sweep_and_is_not_taken_for_slow_ledgers(
    services: LedgerServices, slow: tuple[SlowFeed, str]
) -> None:
    slow_feed, url = slow
    users = [busy_person(services, 1) for _ in range(5)]
    slow_feed.slow, slow_feed.most = {user.account for user in users}, 0
    with reading(services, url) as components:
        with pytest.raises(Unavailable):
            components.sweep.run()

        slow_feed.slow = set()
        until(lambda: components.sweep.run() == 0, what="all to be taken in")
        assert reached(services, *users) == [2] * 5


def test_an_answer_without_an_end_is_not_read_to_it(services: LedgerServices, monkeypatch: pytest.MonkeyPatch) -> None:
    busy_person(services, 1)
    client = ImpatientClient(
        services.expenses, "expenses", ServiceTokens("insights", services.insights_settings.service_keys)
    )
    assert client.get("/internal/heads", HeadsPage).items
    monkeypatch.setattr(feed, "MAX_RESPONSE_BYTES", 10)
    with pytest.raises(UpstreamTimeout):
        client.get("/internal/heads", HeadsPage)
    monkeypatch.undo()
    assert client.get("/internal/heads", HeadsPage).items


def test_a_read_of_a_slow_ledger_gets_further_each_time(services: LedgerServices, slow: tuple[SlowFeed, str]) -> None:
    slow_feed, url = slow
    one = busy_person(services, 3)
    slow_feed.slow = {one.account}
    with reading(services, url) as components:

        def caught_up(ledger: LedgerId = one.ledger) -> bool:
            try:
                return components.reader.catch_up(ledger, 4, by="read").is_complete
            except UpstreamTimeout:
                return False

        until(caught_up, what="the read to get there")
    assert reached(services, one) == [4]
