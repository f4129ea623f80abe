"""A person's yes or no over HTTP, and what they see of what was sent."""

from uuid import uuid4

import sqlalchemy as sa

from services.insights.insights.wording.phrasing import ModelWordings
from services.insights.llm.gateway import CallContext, Purpose
from tests.support.client import Client
from tests.support.issuer import Issuer
from tests.support.ledger_services import LedgerServices, LedgerUser
from tests.support.llm_clients import llm_gateway
from tests.support.model_server import ModelServer

PATH = "/api/v1/insights/settings"


def test_a_yes_holds_for_the_place_that_was_shown(with_model: LedgerServices) -> None:
    user = with_model.new_user()
    before = user.totals.get(PATH).json
    assert (before["allowed"], before["answered_at"]) == (False, None)
    assert before["budget"] == {"tokens": 0, "most_tokens": 9_000, "cost": "0.0000", "most_cost": None}
    place = before["model"]["place"]

    for elsewhere in ({"allowed": True}, {"allowed": True, "place": "api.example.com"}):
        assert user.totals.call("PUT", PATH, elsewhere).status == 409
    response = user.totals.call("PUT", PATH, {"allowed": True, "place": place})

    assert (response.status, response.json["allowed"]) == (200, True)
    assert user.totals.get(PATH).json["answered_at"]
    assert user.totals.call("PUT", PATH, {"allowed": False}).json["allowed"] is False


def test_where_there_is_no_model_there_is_nothing_to_allow(services: LedgerServices) -> None:
    user = services.new_user()
    settings = user.totals.get(PATH).json

    assert (settings["model"], settings["allowed"], settings["budget"]) == (None, False, None)
    assert {"OpenAI", "Ollama", "LM Studio", "vLLM", "OpenRouter"} <= {one["name"] for one in settings["presets"]}
    assert user.totals.call("PUT", PATH, {"allowed": True, "place": ""}).status == 409


def test_another_persons_settings_and_calls_do_not_exist(with_model: LedgerServices, model_server: ModelServer) -> None:
    user, other = with_model.new_user(), with_model.new_user()
    call = sent(with_model, user, model_server)

    for path in (PATH, "/api/v1/insights/sent", f"/api/v1/insights/sent/{call}"):
        assert other.totals.get(f"{path}?ledger={user.account}").status == 404
    assert other.totals.call("PUT", f"{PATH}?ledger={user.account}", {"allowed": False}).status == 404
    unknown = other.totals.get(f"/api/v1/insights/sent/{uuid4()}")
    foreign = other.totals.get(f"/api/v1/insights/sent/{call}")
    assert (foreign.status, foreign.body) == (404, unknown.body)
    assert other.totals.get("/api/v1/insights/sent/nonsense").status == 404


def test_a_call_that_another_version_stored_is_shown_as_it_stands(
    with_model: LedgerServices, model_server: ModelServer
) -> None:
    user = with_model.new_user()
    call = sent(with_model, user, model_server)
    _, database = with_model.components()
    with database.write() as session:
        session.execute(sa.text("UPDATE model_calls SET messages = 'words', about = '{}', verdicts = '[1]'"))
    database.close()

    shown = user.totals.get(f"/api/v1/insights/sent/{call}").json

    assert shown["messages"] == [{"role": "as stored", "content": "words"}]
    assert (shown["facts"], shown["verdicts"]) == ([], {})
    assert [item["id"] for item in user.totals.get("/api/v1/insights/sent").json["items"]] == [call]


def sent(services: LedgerServices, user: LedgerUser, model_server: ModelServer) -> str:
    """Says yes, and has one call made; its id."""
    place = user.totals.get(PATH).json["model"]["place"]
    assert user.totals.call("PUT", PATH, {"allowed": True, "place": place}).status == 200
    _, database = services.components()
    asking = llm_gateway(database, model_server)
    messages = [{"role": "system", "content": "Words, please."}, {"role": "user", "content": '{"facts": []}'}]
    answered = asking.ask(CallContext(user.ledger, Purpose.WORDS, 3), messages, ModelWordings, ["pace:2026-11"])
    database.close()
    return str(answered.call)


def test_what_was_sent_is_shown_as_it_was(with_model: LedgerServices, model_server: ModelServer) -> None:
    user = with_model.new_user()
    call = sent(with_model, user, model_server)

    shown = user.totals.get(f"/api/v1/insights/sent/{call}").json

    assert shown["messages"] == model_server.requests[-1]["messages"]
    assert (shown["purpose"], shown["model"], shown["facts"]) == ("words", "small", ["pace:2026-11"])
    assert (shown["tokens_sent"], shown["tokens_received"]) == (100, 20)
    assert user.totals.get("/api/v1/insights/sent").json["items"] == [shown]
    assert user.totals.get(PATH).json["budget"]["tokens"] == 120


def test_who_may_only_look_cannot_say_yes(with_model: LedgerServices) -> None:
    user = with_model.new_user()
    issuer: Issuer = with_model.issuer
    looking = Client(with_model.insights, issuer.token(user.account, scope="read"))

    assert looking.call("PUT", PATH, {"allowed": False}).status == 403
    assert looking.get(PATH).status == 200
