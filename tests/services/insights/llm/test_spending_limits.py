"""What a model may be used for in a day: by each person, and by all together."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from chassis.database.engine import Database
from contracts.ids import LedgerId, UserId
from services.insights.llm import call_slots, spending_limits
from services.insights.llm.spending_limits import ALL_USERS, SpendingAmount, SpendingLimits
from tests.support.llm_calls import ask_llm, used
from tests.support.llm_clients import give_consent, limits_per_user, llm_gateway
from tests.support.model_server import FakeModelMode, ModelServer


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def test_what_a_call_took_is_settled_for_the_person_and_for_all(database: Database, server: ModelServer) -> None:
    ledger, other = LedgerId(uuid4()), uuid4()
    asking = llm_gateway(database, server, limits_per_user())
    for one in (ledger, other, ledger):
        give_consent(database, LedgerId(one), server)
        ask_llm(asking, LedgerId(one))

    # The test server says that a call took 100 tokens and gave 20.
    assert used(database, ledger) == SpendingAmount(240, 240)
    assert used(database, ALL_USERS) == SpendingAmount(360, 360)


def test_a_person_has_one_budget_for_all_ledgers_and_leaves_the_others_theirs(
    database: Database, server: ModelServer
) -> None:
    ada, bob = UserId(uuid4()), UserId(uuid4())
    ledgers = [LedgerId(uuid4()) for _ in range(32)]
    asking = llm_gateway(database, server, limits_per_user(tokens=3_000, total=SpendingAmount(20_000, 0)))
    for ledger in ledgers:
        give_consent(database, ledger, server, by=ada)

    outcomes = Counter(ask_llm(asking, ledger) for ledger in ledgers)

    assert outcomes == {"answered": 3, "over_budget": 29}, "words are on the budget of the person who allowed them"
    assert ask_llm(asking, LedgerId(ledgers[0]), user=ada) == "over_budget"
    assert ask_llm(asking, LedgerId(ledgers[0]), user=bob) == "answered", (
        "a question is on the budget of the person who asks"
    )
    assert (used(database, ada).tokens, used(database, bob).tokens) == (360, 120)
    assert used(database, ALL_USERS).tokens == 480


def test_what_all_together_may_use_is_bounded_as_well(database: Database, server: ModelServer) -> None:
    asking, ledger = llm_gateway(database, server, limits_per_user(total=SpendingAmount(3_000, 0))), LedgerId(uuid4())
    give_consent(database, ledger, server)

    outcomes = [ask_llm(asking, ledger, user=UserId(uuid4())) for _ in range(5)]

    assert outcomes == ["answered", "answered", "answered", "over_budget", "over_budget"]


def test_old_days_are_deleted(database: Database, server: ModelServer) -> None:
    ledger, today = LedgerId(uuid4()), dt.datetime.now(dt.UTC).date()
    give_consent(database, ledger, server)
    ask_llm(llm_gateway(database, server, limits_per_user(tokens=3_000)), ledger)

    with database.write() as session:
        assert spending_limits.prune(session, today + spending_limits.RETENTION) == 0
        assert spending_limits.prune(session, today + spending_limits.RETENTION + dt.timedelta(days=1)) == 2


@pytest.mark.parametrize(
    "limits",
    [limits_per_user(tokens=3_000), limits_per_user(micros=3_000), limits_per_user(total=SpendingAmount(3_000, 0))],
)
def test_beyond_the_days_budget_nothing_is_sent(
    database: Database, server: ModelServer, limits: SpendingLimits
) -> None:
    ledger = LedgerId(uuid4())
    give_consent(database, ledger, server)
    asking = llm_gateway(database, server, limits)

    outcomes = [ask_llm(asking, ledger) for _ in range(5)]

    # A call sets about 2,700 aside, and takes 120.
    assert outcomes == ["answered", "answered", "answered", "over_budget", "over_budget"]
    assert len(server.requests) == 3
    assert used(database, ledger).tokens == 360, "a call that was not made takes nothing"


def test_many_at_once_cannot_overdraw(database: Database, server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_slots, "MAX_CALLS_PER_LEDGER", 6)
    ledger = LedgerId(uuid4())
    give_consent(database, ledger, server)
    server.mode = FakeModelMode.HANGING
    asking = llm_gateway(database, server, limits_per_user(tokens=6_000), timeout=1)

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(lambda _: ask_llm(asking, ledger), range(6)))

    assert outcomes == ["over_budget"] * 4 + ["timeout"] * 2
    assert used(database, ledger).tokens > 5_000, "the use of a call that was cut off is unknown"


def test_a_server_that_cannot_be_reached_costs_nothing(database: Database) -> None:
    ledger = LedgerId(uuid4())
    with ModelServer() as gone:
        give_consent(database, ledger, gone)
        asking = llm_gateway(database, gone, limits_per_user(tokens=10_000))

    assert ask_llm(asking, ledger) == "unreachable"
    assert used(database, ledger) == SpendingAmount(0, 0)
