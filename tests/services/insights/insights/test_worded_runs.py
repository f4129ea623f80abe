"""Runs with a model: its words where they are fit, and always something true at once."""

from collections.abc import Iterator

import pytest

from chassis.database.engine import Database
from contracts.ids import LedgerId
from services.insights.insights import runner
from tests.support.insight_scenario import NEWEST, TODAY, InsightScenario
from tests.support.ledgers import ReadLedger
from tests.support.llm_clients import give_consent, llm_gateway
from tests.support.model_server import FakeModelMode, ModelServer


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def with_model(database: Database, server: ModelServer, timeout: float = 5) -> InsightScenario:
    scenario = InsightScenario(database, llm_gateway(database, server, timeout=timeout))
    give_consent(database, scenario.ledger.id, server)
    scenario.ledger.spend(TODAY, "12.50")
    return scenario


def test_a_model_words_what_the_template_told_before(database: Database, server: ModelServer) -> None:
    scenario = with_model(database, server)

    assert scenario.run() == "done"

    (item,) = scenario.read().items
    assert (item.source, item.text) == ("model", "The largest part went to Food, with €12.50 so far in November.")
    assert len(scenario.notices) == 2, "the template's words first, for the time that a model takes"


def test_the_models_words_serve_again_without_another_call(database: Database, server: ModelServer) -> None:
    scenario = with_model(database, server)
    scenario.run()
    scenario.ledger.spend(TODAY, "7.50")

    scenario.run()

    (item,) = scenario.read().items
    assert (item.source, item.value) == ("model", "20.00")
    assert "€20.00" in item.text
    assert len(server.requests) == 1


HELPFUL = {FakeModelMode.RIGHT, FakeModelMode.SORRY, FakeModelMode.FENCED, FakeModelMode.WITHOUT_SCHEMAS}


@pytest.mark.parametrize("mood", sorted(set(FakeModelMode) - HELPFUL))
def test_with_a_model_that_lies_or_is_down_the_template_is_shown(
    database: Database, server: ModelServer, mood: FakeModelMode
) -> None:
    server.mode = mood
    scenario = with_model(database, server, timeout=0.5)

    assert scenario.run() == "done"

    (item,) = scenario.read().items
    assert (item.source, item.text) == (
        "template",
        "Food is the largest part of November so far: €12.50 of €12.50, which is 100%.",
    )
    assert item.sent is None
    assert scenario.read().status == "current"
    assert len(server.requests) in {1, 2, 4}


def test_a_run_that_ended_in_the_middle_of_words_goes_without_a_model_the_next_time(
    database: Database, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def time_is_up(*_: object) -> None:
        raise TimeoutError

    scenario = with_model(database, server)
    with monkeypatch.context() as broken:
        broken.setattr(runner, "phrase", time_is_up)
        with pytest.raises(TimeoutError):
            scenario.run()
    assert scenario.read().status == "current", "the template's words are there all the same"

    scenario.run()

    assert scenario.read().items[0].source == "template"
    assert server.requests == []


@pytest.mark.parametrize("locale", ["de-DE", "de-AT"])
def test_who_has_sentences_in_their_own_language_gets_those(
    database: Database, server: ModelServer, locale: str
) -> None:
    scenario = with_model(database, server)
    german = ReadLedger(database, locale=locale)
    give_consent(database, LedgerId(german.id), server)
    german.spend(TODAY, "1234.50")

    scenario.runner.run(LedgerId(german.id))

    (item,) = scenario.reader.read(LedgerId(german.id), NEWEST).items
    assert item.source == "template"
    assert item.text.startswith("Food ist bisher der größte Posten im November")
    assert server.requests == []
