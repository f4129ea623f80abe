"""A model's server in every condition: what the doctor finds, what it says, which mode it picks."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from chassis.database.engine import Database
from contracts.ids import LedgerId
from services.insights.insights import jobs
from services.insights.llm.call_slots import MAX_CALLS_PER_LEDGER, CallSlots
from services.insights.llm.client import LlmError
from services.insights.llm.diagnostics import Diagnostics, Finding, Verdict
from services.insights.llm.service import LlmService
from services.insights.llm_server import LlmMode, LlmServer
from tests.support.book import owner_of
from tests.support.events import EventStream
from tests.support.ledger_services import LedgerUser
from tests.support.llm_clients import NO_LIMITS
from tests.support.model_server import FakeModelMode, ModelServer
from tests.support.outlay import Outlay
from tests.support.questions import give_llm_consent


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def examine(
    server: ModelServer, *, url: str = "", mode: LlmMode = LlmMode.AUTO, patience: float = 5
) -> tuple[dict[str, Finding], Verdict]:
    endpoint = LlmServer(url or server.url, "key", "small", mode)
    *findings, verdict = Diagnostics(endpoint, timeout=patience).run()
    assert isinstance(verdict, Verdict)
    return {found.look.value: found for found in findings if isinstance(found, Finding)}, verdict


def test_a_good_server(server: ModelServer) -> None:
    findings, verdict = examine(server)

    assert list(findings) == ["reach", "model", "schema", "tool", "json", "plain", "stream", "context"]
    assert all(found.good for found in findings.values())
    assert (verdict.good, verdict.mode) == (True, LlmMode.SCHEMA)


@pytest.mark.parametrize("mode", [LlmMode.TOOL, LlmMode.JSON, LlmMode.PLAIN])
def test_the_strictest_mode_that_works_is_picked(server: ModelServer, mode: LlmMode) -> None:
    server.modes = {mode.value, "plain"}

    findings, verdict = examine(server)

    assert (verdict.good, verdict.mode) == (True, mode)
    assert findings["schema"].says == "It does not know this way of asking."
    assert (
        examine(server, mode=LlmMode.SCHEMA)[1].says
        == f"OPENAI_MODE=schema does not work there. Set it to {mode}, or to auto."
    )


def test_a_model_that_is_not_there_is_named_with_those_that_are(server: ModelServer) -> None:
    server.models = ["large", "other"]

    findings, _ = examine(server)

    assert findings["model"].says == "It lists no model small. It has: large, other."


def test_a_short_memory_is_noticed(server: ModelServer) -> None:
    server.context = 4_000

    findings, verdict = examine(server)

    assert not findings["context"].good
    assert not verdict.good
    assert "OLLAMA_CONTEXT_LENGTH" in verdict.says


@pytest.mark.parametrize(
    ("mood", "says"),
    [
        (FakeModelMode.HTML_PAGE, "not as OpenAI's API does. Does the address end in /v1?"),
        (FakeModelMode.TOO_MANY, "too much was asked of it"),
        (FakeModelMode.BROKEN, "status 500"),
        (FakeModelMode.HANGING, "does not answer"),
        (FakeModelMode.UNAUTHORISED, "does not take the key in OPENAI_API_KEY"),
        (FakeModelMode.TRUNCATED, "not in the shape that was asked for"),
        (FakeModelMode.REFUSING, "not in the shape that was asked for"),
        (FakeModelMode.HUGE, "does not stop talking"),
        (FakeModelMode.BREAKING_OFF, "broke the connection off"),
        (FakeModelMode.NOT_FOUND, "does not know the model, or the address"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(server: ModelServer, mood: FakeModelMode, says: str) -> None:
    server.mode = mood

    _, verdict = examine(server, patience=0.5)

    assert not verdict.good
    assert verdict.mode is None
    assert says in verdict.says


def test_no_server_at_all() -> None:
    with ModelServer() as gone:
        url = gone.url

    place = urlsplit(url).netloc
    _, verdict = examine(gone, url=f"http://ada:password@{place}/path/v1")

    assert f"Nothing answers at {place}. Is the server running" in verdict.says
    assert not {"ada", "password", "path"} & set(re.findall(r"\w+", verdict.says))


def test_over_http_each_finding_comes_as_it_is_made_and_no_fact_is_sent(
    asker: LedgerUser, model_server: ModelServer
) -> None:
    with EventStream(asker.totals, "/api/v1/insights/doctor", body={}) as stream:
        events = list(stream)

    assert [event.name for event in events] == ["finding"] * 8 + ["verdict"]
    assert events[-1].data["mode"] == "schema"
    assert not any(word in str(model_server.requests) for word in ("Coffee", "Rewe", "40.00", str(asker.account)))
    assert asker.totals.get("/api/v1/insights/settings").json["budget"]["tokens"] == 8_000
    give_llm_consent(asker)
    with EventStream(asker.totals, "/api/v1/insights/doctor", body={}) as stream:
        (refused,) = stream
    assert "budget" in refused.data["says"]


def test_an_examination_takes_one_of_the_slots_of_calls(
    asker: LedgerUser, database: Database, model_server: ModelServer
) -> None:
    """Each is up to nine calls, one after the other, and holds a thread until the last."""
    ledger, slots = asker.account, CallSlots()
    endpoint = LlmServer(model_server.url, "key", "small", LlmMode.AUTO)
    models = LlmService(database, endpoint, NO_LIMITS, slots, jobs.restart)
    caller = owner_of(LedgerId(ledger))
    under_way = [models.examine(caller) for _ in range(MAX_CALLS_PER_LEDGER)]
    for examination in under_way:
        assert isinstance(next(examination), Finding)
    model_server.requests.clear()

    [busy] = models.examine(caller)
    assert isinstance(busy, Verdict)
    assert "busy" in busy.says
    assert model_server.requests == []
    with pytest.raises(LlmError, match="busy"), slots.slot(LedgerId(ledger)):
        pass

    under_way[0].close()
    assert len(list(models.examine(caller))) == 9
    for examination in under_way:
        examination.close()
    assert slots._calls.total() == 0


def test_the_command_says_it_too(outlay: Outlay, server: ModelServer) -> None:
    told = {"OPENAI_BASE_URL": server.url, "OPENAI_MODEL": "small"}

    good = outlay("doctor", **told)
    server.mode = FakeModelMode.BROKEN
    bad = outlay("doctor", **told)
    none = outlay("doctor", OPENAI_MODEL="")

    assert (good.code, bad.code, none.code) == (0, 1, 0)
    assert "All is well. It is asked by schema." in good.text
    assert "status 500" in bad.text
    assert "OPENAI_BASE_URL=http://localhost:11434/v1" in none.text
