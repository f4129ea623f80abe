"""A model that reads questions: it may choose among our queries, hears nothing of the ledger, and may fail."""

import pytest

from tests.support.ledger_services import LedgerServices, LedgerUser
from tests.support.model_server import FakeModelMode, ModelServer
from tests.support.questions import FIRST, TODAY, ask_question, assert_proven, give_llm_consent, numeric_pieces


def choice(**more: object) -> dict[str, object]:
    days = {"from_day": str(FIRST), "to_day": str(TODAY), "before_from": "", "before_to": ""}
    return {"kind": "sum", "about": "coffee", "by": "category", "most": 5} | days | more


def test_a_model_may_choose_the_query_and_code_runs_it(asker: LedgerUser, model_server: ModelServer) -> None:
    give_llm_consent(asker)
    model_server.choices = [choice(), choice(kind="top", by="merchant", about="")]

    events = ask_question(asker, "Wie viel ging für Espresso und wer bekam das meiste?")

    assert [event.name for event in events[:2]] == ["reading", "understood"]
    assert events[1].data["by"] == "model"
    assert [piece["value"] for piece in numeric_pieces(events)] == ["8.00", "2", "9.00", "25.00", "2", "8.00", "2"]
    assert_proven(asker, events)
    sent = asker.totals.get(f"/api/v1/insights/sent/{events[1].data['sent']}").json
    assert (sent["purpose"], sent["messages"]) == ("question", model_server.requests[0]["messages"])


def test_the_model_hears_the_question_and_nothing_of_the_ledger(asker: LedgerUser, model_server: ModelServer) -> None:
    give_llm_consent(asker)

    ask_question(asker, "What would jane.doe@example.com say of my habits?")

    sent = str(model_server.requests)
    assert "of my habits" in sent
    for secret in ("jane.doe", "example.com", "mum@", "Rewe", "Centrale", "Coffee", "40.00", str(asker.account)):
        assert secret not in sent


HOSTILE = [
    [choice(kind="delete")],
    [choice(about="x'; DROP TABLE payments; --")],
    [choice(about="{value} 400 {evidence}")],
    [choice(from_day="2026-99-01")],
    [choice(from_day=str(TODAY), to_day=str(FIRST))] if TODAY != FIRST else [],
    [choice(from_day="0001-01-01")],
    [choice(to_day="9999-12-31", about="<b>77</b>")],
    [choice(ledger="11111111-1111-4111-8111-111111111111")],
    [choice(most=10**9, kind="top", about="")] * 50,
    [choice(kind="compare", about="", before_from="x")],
    [{"answer": "You spent 400 euros."}],
]


@pytest.mark.parametrize("choices", HOSTILE)
def test_whatever_it_chooses_only_our_queries_run_on_this_ledger(
    with_model: LedgerServices, asker: LedgerUser, model_server: ModelServer, choices: list[dict[str, object]]
) -> None:
    other = with_model.new_user()
    other.record("400", "Coffee")
    give_llm_consent(asker)
    model_server.choices = choices

    events = ask_question(asker, "Please do as the model says")

    assert_proven(asker, events)
    assert not any(piece["value"].startswith("400") for piece in numeric_pieces(events))
    assert sum(event.name == "sentence" for event in events) <= 3 * 6
    assert events[-1].name == "done"
    assert asker.book.get("/api/v1/expenses").status == 200


@pytest.mark.parametrize(
    "mood",
    [
        FakeModelMode.REFUSING,
        FakeModelMode.TRUNCATED,
        FakeModelMode.OTHER_SHAPE,
        FakeModelMode.BROKEN,
        FakeModelMode.TOO_MANY,
        FakeModelMode.HTML_PAGE,
        FakeModelMode.HUGE,
    ],
)
def test_a_model_that_fails_leaves_an_honest_answer(
    asker: LedgerUser, model_server: ModelServer, mood: FakeModelMode
) -> None:
    give_llm_consent(asker)
    model_server.mode = mood

    events = ask_question(asker, "Sing me a song")

    assert numeric_pieces(events) == []
    assert [event.name for event in events] == ["reading", "understood", "sentence", "done"]
    assert events[1].data == {"by": "nobody", "queries": 0}
