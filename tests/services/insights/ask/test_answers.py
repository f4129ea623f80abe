"""Questions over HTTP, with a book behind them: every number in an answer is that of the list which it opens."""

import pytest

from tests.support.events import Event
from tests.support.ledger_services import LedgerServices, LedgerUser
from tests.support.model_server import ModelServer
from tests.support.questions import BEFORE, FIRST, TODAY, ask_question, assert_proven, numeric_pieces, sentences


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("How much on coffee this month?", ["8.00", "2", "9.00"]),
        ("How much on coffees this month?", ["8.00", "2", "9.00"]),
        ("how much at bar centrale this month", ["8.00", "2"]),
        ("how much this month", ["33.00", "4", "9.00"]),
        ("how many payments at REWE last month", ["1", "40.00"]),
        ("how much ever", ["76.10", "7", "9.00"]),
        ("top merchants this month", ["25.00", "2", "8.00", "2"]),
        ("top categories last month", ["40.00", "1", "2.10", "1"]),
        ("where does my money go", ["25.00", "2", "8.00", "2"]),
        ("what grew most", ["5.90", "8.00", "2.10"]),
        ("which merchants grew most", ["5.90", "8.00", "2.10"]),
        ("compare this month to last month", ["33.00", "42.10", "9.10"]),
        ("compare coffee this month to last month", ["8.00", "2.10", "5.90"]),
    ],
)
def test_without_a_model_the_grammar_answers_and_every_number_opens_its_list(
    asker: LedgerUser, model_server: ModelServer, question: str, values: list[str]
) -> None:
    events = ask_question(asker, question)

    assert sorted(piece["value"] for piece in numeric_pieces(events)) == sorted(values)
    assert_proven(asker, events)
    assert events[0] == Event("understood", {"by": "grammar", "queries": 1})
    assert events[-1].name == "done"
    assert model_server.requests == []


def test_the_sentences(asker: LedgerUser) -> None:
    day = f"{FIRST.day} {FIRST:%B %Y}"
    today = f"{TODAY.day} {TODAY:%B %Y}"

    assert sentences(ask_question(asker, "How much on coffee this month?")) == [
        f"From {day} to {today} you spent €8.00 on Coffee, in 2 payments.",
        "Besides that it was US$9.00: currencies are never added up.",
    ]
    assert sentences(ask_question(asker, "How much on yachts this month?")) == [
        "There is no category or merchant called “yachts” here."
    ]


QUESTIONS = [
    "top categories this month",
    "top merchants this month",
    "what grew most",
    "compare this month to last month",
]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "sent", [{"amount": "9", "currency": "USD"}, {"amount": "-5"}, {"amount": "5", "merchant": None}]
)
def test_nothing_is_said_to_be_missing_that_is_written_down(
    user: LedgerUser, question: str, sent: dict[str, str]
) -> None:
    for day in (FIRST, BEFORE):
        user.record(**{"merchant": "Rewe", "spent_on": str(day), **sent})

    events = ask_question(user, question)

    assert sentences(events)
    assert not any("nothing is written down" in sentence for sentence in sentences(events))
    assert_proven(user, events)


@pytest.mark.parametrize(
    "question", ["How much on yachts?", "What is the meaning of life?", "hello", "how much today on b"]
)
def test_no_query_no_number(asker: LedgerUser, question: str) -> None:
    assert numeric_pieces(ask_question(asker, question)) == []


def test_what_cannot_be_answered_says_what_can(asker: LedgerUser) -> None:
    *_, done = ask_question(asker, "Sing me a song")

    assert "How much on coffee since May?" in done.data["examples"]


def test_a_minimum_that_the_journal_has_not_reached_is_refused_before_anything_is_said(asker: LedgerUser) -> None:
    response = asker.totals.post("/api/v1/ask", {"question": "how much"}, Outlay_Min_Revision="1000")

    assert response.status == 412


def test_an_answer_is_about_what_was_just_written(asker: LedgerUser) -> None:
    revision = int(asker.book.post("/api/v1/expenses", {"amount": "1.00", "category": "Coffee"}).revision)
    events = ask_question(asker, "how much on coffee this month")

    assert numeric_pieces(events)[0]["value"] == "9.00"
    assert events[-1].data["revision"] == revision


def test_anothers_ledger_and_a_letter_are_refused(with_model: LedgerServices, asker: LedgerUser) -> None:
    other = with_model.new_user()

    assert other.totals.post(f"/api/v1/ask?ledger={asker.account}", {"question": "how much"}).status == 404
    assert other.totals.post("/api/v1/ask", {"question": "x" * 301}).status == 422
    assert other.totals.post("/api/v1/ask", {"question": "how much", "query": "sum"}).status == 422
