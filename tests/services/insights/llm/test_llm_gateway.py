"""Nothing leaves without a yes, nor beyond the day's budget; what left can be read word for word."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch
from uuid import uuid4

import pytest

from chassis.database.engine import Database
from contracts.ids import LedgerId, UserId
from services.insights.insights import repository as insight_repository
from services.insights.insights.wording.phrasing import phrase
from services.insights.llm import call_slots
from services.insights.llm import repository as model_store
from services.insights.llm.call_slots import CallSlots
from services.insights.llm.circuit_breaker import FAILURES, PAUSE, LlmCircuitBreaker
from services.insights.llm.gateway import CallContext, LlmGateway, Purpose
from services.insights.llm.spending_limits import ALL_USERS, SpendingAmount
from services.insights.tables import ModelCallRow
from tests.support.clock import FakeClock
from tests.support.facts import CHANGE, LARGEST
from tests.support.insight_scenario import TODAY, InsightScenario
from tests.support.llm_calls import ask_llm, used
from tests.support.llm_clients import NO_LIMITS, give_consent, limits_per_user, llm_gateway
from tests.support.model_server import FakeModelMode, ModelServer
from tests.support.waiting import until


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def calls(database: Database, ledger: LedgerId) -> list[ModelCallRow]:
    with database.snapshot() as session:
        return model_store.calls(session, ledger, 100)


def test_without_a_yes_nothing_leaves(database: Database, server: ModelServer) -> None:
    ledger, asking = LedgerId(uuid4()), llm_gateway(database, server)

    assert ask_llm(asking, ledger) == "not_allowed"
    give_consent(database, ledger, server, allowed=False)
    assert ask_llm(asking, ledger) == "not_allowed"
    assert server.requests == []
    give_consent(database, ledger, server)
    assert ask_llm(asking, ledger) == "answered"
    assert ask_llm(asking, LedgerId(uuid4())) == "not_allowed", "a yes is one ledger's"


def test_a_yes_to_one_place_is_none_to_another(database: Database, server: ModelServer) -> None:
    ledger = LedgerId(uuid4())
    give_consent(database, ledger, server)
    with ModelServer() as elsewhere:
        assert ask_llm(llm_gateway(database, elsewhere), ledger) == "not_allowed"
        assert elsewhere.requests == []


def test_a_run_leaves_out_the_model_until_a_user_consents(database: Database, server: ModelServer) -> None:
    scenario = InsightScenario(database, llm_gateway(database, server))
    scenario.ledger.spend(TODAY, "12.50")
    scenario.run()
    assert scenario.read().items[0].source == "template"

    give_consent(database, scenario.ledger.id, server)
    scenario.reader.refresh(scenario.ledger.id)
    scenario.run()
    assert scenario.read().items[0].source == "model"

    give_consent(database, scenario.ledger.id, server, allowed=False)
    scenario.reader.refresh(scenario.ledger.id)
    scenario.run()
    assert scenario.read().items[0].source == "template"
    assert len(server.requests) == 1


def test_of_a_ledger_that_was_erased_during_a_call_nothing_is_kept(database: Database, server: ModelServer) -> None:
    ledger, asking = LedgerId(uuid4()), llm_gateway(database, server, limits_per_user())
    give_consent(database, ledger, server)

    with patch.object(asking.model, "complete", erasing(database, ledger, asking.model.complete)):
        assert ask_llm(asking, ledger) == "answered"

    assert calls(database, ledger) == []
    assert used(database, ledger) == SpendingAmount(0, 0)
    assert used(database, ALL_USERS) == SpendingAmount(120, 120)


def erasing(database: Database, ledger: LedgerId, call: Callable[..., object]) -> Callable[..., object]:
    """The model's answer comes when the ledger is gone."""

    def answered(*asked: object) -> object:
        with database.write() as session:
            insight_repository.delete_ledger(session, ledger)
            insight_repository.delete_account(session, UserId(ledger))
        return call(*asked)

    return answered


def test_calls_that_hang_take_a_few_threads_and_no_more(database: Database, server: ModelServer) -> None:
    """A client that leaves does not end its call, so asking and leaving again and again would take all threads."""
    ledger, other = LedgerId(uuid4()), LedgerId(uuid4())
    for one in (ledger, other):
        give_consent(database, LedgerId(one), server)
    server.mode = FakeModelMode.HANGING
    asking = llm_gateway(database, server, timeout=5)

    with ThreadPoolExecutor(call_slots.MAX_CALLS_PER_LEDGER + 1) as pool:
        hanging = [pool.submit(ask_llm, asking, ledger) for _ in range(call_slots.MAX_CALLS_PER_LEDGER)]
        until(lambda: len(server.requests) == call_slots.MAX_CALLS_PER_LEDGER, what="the model to be asked by all")
        assert ask_llm(asking, ledger) == "busy"
        of_another = pool.submit(ask_llm, asking, other)
        assert [call.result() for call in hanging] == ["timeout"] * 3
        assert of_another.result() != "busy"
    assert not asking._slots._calls


def test_after_several_failures_it_is_left_alone(database: Database, server: ModelServer) -> None:
    ledger = LedgerId(uuid4())
    give_consent(database, ledger, server)
    server.mode = FakeModelMode.BROKEN
    asking = llm_gateway(database, server)

    outcomes = [ask_llm(asking, ledger) for _ in range(5)]

    assert outcomes == ["refused"] * 3 + ["resting"] * 2
    assert len(server.requests) == 3


def test_after_its_rest_one_call_finds_out() -> None:
    now = 0.0
    breaker = LlmCircuitBreaker(lambda: now)
    for _ in range(FAILURES):
        breaker.record("timeout")
    assert breaker.is_open
    now = PAUSE
    assert not breaker.is_open
    breaker.record("timeout")
    assert breaker.is_open
    now = 2 * PAUSE
    breaker.record(None)
    breaker.record("timeout")
    assert not breaker.is_open
    for _ in range(FAILURES):
        breaker.record("malformed")
    assert not breaker.is_open, "unfit words are no trouble of the server"


def test_what_was_sent_is_kept_word_for_word_with_the_verdicts(database: Database, server: ModelServer) -> None:
    ledger = LedgerId(uuid4())
    give_consent(database, ledger, server)
    server.mode = FakeModelMode.SORRY
    asking = llm_gateway(database, server, NO_LIMITS)

    phrases = phrase([LARGEST, CHANGE], asking.session(CallContext(ledger, Purpose.WORDS, 42)))

    second, first = calls(database, ledger)
    assert [json.loads(row.messages) for row in (first, second)] == [one["messages"] for one in server.requests]
    assert {words.call for words in phrases.values()} == {second.id}
    assert (first.outcome, first.revision, first.model) == ("answered", 42, "small")
    assert json.loads(first.about) == [LARGEST.id, CHANGE.id]
    assert "digits" in json.loads(first.verdicts)[LARGEST.id]
    assert json.loads(second.verdicts) == {LARGEST.id: "fit", CHANGE.id: "fit"}
    assert (second.tokens_told, second.tokens_said) == (100, 20)
    assert "{f1}" in second.answer


def test_calls_are_deleted_once_no_words_of_theirs_can_be_shown(database: Database, server: ModelServer) -> None:
    ledger = LedgerId(uuid4())
    now = dt.datetime.now(dt.UTC)
    for moment in (now - model_store.RETENTION - dt.timedelta(days=1), now):
        at = LlmGateway(database, llm_gateway(database, server).model, NO_LIMITS, CallSlots(), FakeClock(moment))
        give_consent(database, ledger, server)
        ask_llm(at, ledger)
    assert len(calls(database, ledger)) == 2

    with database.write() as session:
        assert model_store.prune_calls(session, now) == {"model_calls": 1}

    assert [call.at for call in calls(database, ledger)] == [now]
