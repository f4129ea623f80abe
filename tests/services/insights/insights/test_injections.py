"""Whatever people typed into the book, a model hears none of it, and our words stay our words."""

import json
from collections.abc import Iterator

import pytest

from chassis.database.engine import Database
from services.insights.insights.facts.fact import Slot, SlotForm
from services.insights.insights.wording.slots import locale_of, render_slot
from tests.support.injections import INJECTIONS
from tests.support.insight_scenario import TODAY, InsightScenario
from tests.support.ledger_services import LedgerUser
from tests.support.llm_clients import give_consent, llm_gateway
from tests.support.model_server import ModelServer
from tests.support.questions import ask_question, assert_proven, give_llm_consent, numeric_pieces

WORDS = 12
"""Letters of an injection that would be recognised in a request."""


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def traces(requests: object) -> list[str]:
    """Injections that can be recognised in what was sent."""
    sent = json.dumps(requests, ensure_ascii=False)
    escaped = json.dumps(requests)
    return [
        text for text in INJECTIONS if any(part in sent or part in escaped for part in (text[:WORDS], text[-WORDS:]))
    ]


@pytest.mark.parametrize("typed", INJECTIONS)
def test_a_prose_call_holds_nothing_that_was_typed(database: Database, server: ModelServer, typed: str) -> None:
    scenario = InsightScenario(database, llm_gateway(database, server))
    give_consent(database, scenario.ledger.id, server)
    scenario.ledger.spend(TODAY, "12.50", typed, merchant=typed)

    scenario.run()

    (item,) = scenario.read().items
    name = render_slot(Slot(typed, SlotForm.NAME), locale_of("en-GB"))
    assert item.text == f"The largest part went to {name}, with €12.50 so far in November."
    assert [number.value for number in item.numbers] == ["12.50"]
    assert server.requests
    assert traces([request["messages"] for request in server.requests]) == []
    assert "mum@" not in str(server.requests)


def test_no_request_of_a_question_holds_what_was_typed_into_the_book(
    asker: LedgerUser, model_server: ModelServer
) -> None:
    give_llm_consent(asker)
    create = [{"amount": "1.00", "category": text[:80], "merchant": text, "note": text} for text in INJECTIONS]
    response = asker.book.post("/api/v1/expenses/batch", {"create": create})
    assert response.status == 200, response.body

    events = ask_question(asker, "What do you make of my year?")
    top = ask_question(asker, "top 10 merchants this month")

    assert model_server.requests
    assert traces([request["messages"] for request in model_server.requests]) == []
    assert numeric_pieces(events) == []
    assert len(numeric_pieces(top)) == 20
    assert_proven(asker, top)


@pytest.mark.parametrize("typed", INJECTIONS)
def test_asking_with_an_injection_gets_no_number_that_is_not_proven(
    asker: LedgerUser, model_server: ModelServer, typed: str
) -> None:
    give_llm_consent(asker)
    model_server.choices = [
        {
            "kind": "sum",
            "about": typed[:80],
            "by": "category",
            "most": 5,
            "from_day": "2020-01-01",
            "to_day": "2030-01-01",
            "before_from": "",
            "before_to": "",
        }
    ]

    events = ask_question(asker, typed)

    assert numeric_pieces(events) == []
    assert "example.org" not in str(model_server.requests)
    assert events[-1].name == "done"
