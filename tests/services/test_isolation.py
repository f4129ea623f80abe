"""Every call that names something, with the token of an uninvolved user: as if it did not exist.

The calls are those of the API's description, so one that is added later is held to the same.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

from deploy.openapi import build
from tests.support.all_services import AllServices, SignedInUser, all_services
from tests.support.client import ApiResponse, Client
from tests.support.databases import Databases
from tests.support.redis import RedisServer

Json = dict[str, Any]

DOCUMENT = build()
UNGUESSABLE = {"/api/v1/erasures/{receipt}"}
"""Named by what is itself the permission."""
OF_THE_ADMINISTRATOR = {"/api/v1/auth/invitations/{id}"}
"""Forbidden to all others before anything is looked for."""


class IsolatedCall(NamedTuple):
    """One operation of the API."""

    method: str
    path: str
    operation: Json

    @property
    def names(self) -> list[str]:
        return re.findall(r"\{(\w+)\}", self.path)

    @property
    def of_a_ledger(self) -> bool:
        return any(one.get("name") == "ledger" for one in self.operation.get("parameters", []))

    @property
    def body(self) -> Any:
        """Something that the call would take."""
        content = self.operation.get("requestBody", {}).get("content", {})
        return example(content["application/json"]["schema"]) if content else None


def calls() -> Iterator[IsolatedCall]:
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            yield IsolatedCall(method.upper(), path, operation)


def example(schema: Json) -> Any:
    """A value that the schema allows: all that is required, and nothing else."""
    if reference := schema.get("$ref"):
        return example(DOCUMENT["components"]["schemas"][reference.rpartition("/")[2]])
    if "anyOf" in schema:
        return example(schema["anyOf"][0])
    if allowed := schema.get("examples") or schema.get("enum") or [schema[key] for key in schema if key == "const"]:
        return allowed[0]
    return _plain(schema)


def _plain(schema: Json) -> Any:
    if schema.get("type") == "object":
        return {name: example(schema["properties"][name]) for name in schema.get("required", [])}
    if schema.get("type") == "array":
        return [example(schema["items"])] * schema.get("minItems", 0)
    return str(uuid4()) if schema.get("format") == "uuid" else "something"


NAMING = [
    call for call in calls() if (call.names or call.of_a_ledger) and call.path not in UNGUESSABLE | OF_THE_ADMINISTRATOR
]


def told(call: IsolatedCall) -> str:
    return f"{call.method} {call.path}"


@pytest.fixture(scope="module")
def services(databases: Databases, shared_redis: RedisServer) -> Iterator[AllServices]:
    with all_services(databases, shared_redis.url) as running:
        yield running


@pytest.fixture(scope="module")
def ada(services: AllServices) -> SignedInUser:
    return services.new_user("Ada")


@pytest.fixture(scope="module")
def bob(services: AllServices) -> SignedInUser:
    return services.new_user("Bob")


@pytest.fixture(scope="module")
def hers(ada: SignedInUser) -> dict[str, str]:
    """Something of Ada's for every name in a path."""
    ledger = ada.make_ledger()
    ada.refresh()
    expense = ada.spend(ledger)
    ada.spend(ada.id)
    invitation = ada.request("POST", f"/ledgers/{ledger}/invitations", {"role": "viewer"}).body["id"]
    action = ada.book.get(f"/api/v1/journal?ledger={ledger}").json["items"][-1]["action_id"]
    return {
        "ledger": ledger,
        "ledger_id": ledger,
        "account": ada.id,
        "invitation_id": invitation,
        "expense_id": expense["id"],
        "category_id": expense["category_id"],
        "action_id": action,
        "/api/v1/auth/sessions/{id}": ada.request("GET", "/auth/sessions").body["items"][0]["id"],
        "/api/v1/auth/tokens/{id}": ada.make_token("read")["id"],
        "/api/v1/insights/{id}/dismiss": "pace.2026-11",
        "call": ada.add_llm_call(ledger),
    }


def ask(services: AllServices, token: str, call: IsolatedCall, ids: dict[str, str], ledger: str | None) -> ApiResponse:
    path = call.path
    for name in call.names:
        assert {name, path} & ids.keys(), f"whose {name} is that? Say so in `hers`"
        path = path.replace(f"{{{name}}}", ids.get(call.path) or ids[name])
    if call.of_a_ledger and ledger:
        path += f"?ledger={ledger}"
    urls = {"Figures": services.insights, "Insights": services.insights, "Signing in": services.auth.url}
    base = ({"Sharing": services.auth.url} | urls).get(call.operation["tags"][0], services.expenses)
    return Client(base, token).call(call.method, path, call.body, raw=None)


@pytest.mark.parametrize("call", NAMING, ids=told)
def test_what_belongs_to_others_does_not_exist(
    services: AllServices, ada: SignedInUser, bob: SignedInUser, hers: dict[str, str], call: IsolatedCall
) -> None:
    unknown = {name: str(uuid4()) for name in hers}
    foreign = ask(services, bob.access, call, hers, hers["ledger"])
    nothing = ask(services, bob.access, call, unknown, unknown["ledger"])
    assert (foreign.status, foreign.body) == (404, nothing.body), foreign.body
    assert ada.request("GET", "/auth/me").status == 200
    assert ada.exchange("") == 401


@pytest.mark.parametrize("call", [call for call in NAMING if call.of_a_ledger and call.names], ids=told)
def test_it_does_not_exist_in_ones_own_ledger_either(
    services: AllServices, bob: SignedInUser, hers: dict[str, str], call: IsolatedCall
) -> None:
    foreign = ask(services, bob.access, call, hers, None)
    nothing = ask(services, bob.access, call, {name: str(uuid4()) for name in hers}, None)
    assert (foreign.status, foreign.body) == (404, nothing.body)


@pytest.fixture
def eve(services: AllServices, ada: SignedInUser, hers: dict[str, str]) -> SignedInUser:
    """A user who may look at Ada's ledger."""
    eve = services.new_user("Eve")
    ada.share(hers["ledger"], eve, "viewer")
    eve.refresh()
    return eve


WRITING = [
    call
    for call in NAMING
    if call.of_a_ledger and call.method != "GET" and "insights" not in call.path and call.path != "/api/v1/ask"
]


@pytest.mark.parametrize("call", WRITING, ids=told)
def test_a_viewer_writes_nothing(
    services: AllServices, eve: SignedInUser, hers: dict[str, str], call: IsolatedCall
) -> None:
    assert ask(services, eve.access, call, hers, hers["ledger"]).status == 403


MANAGING = [
    call for call in NAMING if call.path.startswith("/api/v1/ledgers/") and (call.method != "GET" or "inv" in call.path)
]


@pytest.mark.parametrize("call", MANAGING, ids=told)
def test_a_viewer_manages_nothing(
    services: AllServices, eve: SignedInUser, hers: dict[str, str], call: IsolatedCall
) -> None:
    assert ask(services, eve.access, call, hers, hers["ledger"]).status == 403


READING = [call for call in NAMING if call.of_a_ledger and call.method == "GET" and call.path != "/api/v1/live"]


@pytest.mark.parametrize("call", READING, ids=told)
def test_a_viewer_reads_and_a_removed_one_finds_nothing(
    services: AllServices, ada: SignedInUser, eve: SignedInUser, hers: dict[str, str], call: IsolatedCall
) -> None:
    assert ask(services, eve.access, call, hers, hers["ledger"]).status == 200
    ada.request("DELETE", f"/ledgers/{hers['ledger']}/members/{eve.id}")
    eve.refresh()
    assert ask(services, eve.access, call, hers, hers["ledger"]).status == 404


def test_an_editor_writes_and_everybody_sees_who_did(
    services: AllServices, ada: SignedInUser, hers: dict[str, str]
) -> None:
    editor = services.new_user("Edith")
    ada.share(hers["ledger"], editor, "editor")
    editor.refresh()
    editor.spend(hers["ledger"])
    for one in (ada, editor):
        entries = one.book.get(f"/api/v1/journal?ledger={hers['ledger']}&limit=500").json["items"]
        assert entries[-1]["actor"] == editor.id
        assert one.members(hers["ledger"])["Edith"] == "editor"
