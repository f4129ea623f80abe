"""The description of streams and channels is that of the vocabulary, and of what is really on the wire."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
import redis
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from redis.client import PubSub

from contracts.identity_journal import IDENTITY_STREAM
from contracts.journal import LIVE_CHANNEL, journal_stream
from contracts.live import LiveKind
from deploy.asyncapi import DOCUMENT, build, main
from deploy.openapi import text_of
from services.insights.live.publisher import NoticePublisher
from tests.support.auth import migrate, running_auth, settings
from tests.support.client import Client
from tests.support.databases import SqliteDatabases
from tests.support.events import EventStream
from tests.support.ledger_services import LedgerServices, ledger_services
from tests.support.redis import RedisServer
from tests.support.waiting import until

Json = dict[str, Any]
Check = Callable[[str, object], None]


@pytest.fixture(scope="module")
def document() -> Json:
    return build()


@pytest.fixture(scope="module")
def check() -> Check:
    """Validates against the payload of a message; what is not described must not be there."""
    components = build()["components"]
    for schema in components["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False

    def validate(schema: Json, value: object) -> None:
        Draft202012Validator({**schema, "components": components}, format_checker=FormatChecker()).validate(value)

    def check(message: str, value: object) -> None:
        validate(components["messages"][message]["payload"], value)
        if isinstance(value, dict) and "entry" in value:
            field = components["schemas"]["StreamMessageFields"]["properties"]["entry"]
            assert field["contentMediaType"] == "application/json"
            validate(field["contentSchema"], json.loads(value["entry"]))

    return check


def test_the_document_in_the_repository_is_up_to_date(
    document: Json, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert DOCUMENT.read_text("utf-8") == text_of(document)
    assert main(["--check"]) == 0
    monkeypatch.setattr("deploy.asyncapi.DESCRIPTION", "another")
    assert main(["--check"]) == 1
    assert "make client" in capsys.readouterr().err


def test_every_reference_leads_somewhere(document: Json) -> None:
    found = set(re.findall(r'"\$ref": "#/([^"]+)"', text_of(document)))
    assert len(found) > 15
    for path in found:
        place = document
        for part in path.split("/"):
            place = place[part]


def test_every_stream_and_channel_of_the_vocabulary_is_described(document: Json) -> None:
    addresses = {
        channel["address"].format(**{name: one["default"] for name, one in channel.get("parameters", {}).items()})
        for channel in document["channels"].values()
    }
    assert addresses == {journal_stream(0), IDENTITY_STREAM, LIVE_CHANNEL, "/api/v1/live"}
    assert set(LiveKind) <= document["channels"]["events"]["messages"].keys()


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory, shared_redis: RedisServer) -> Iterator[LedgerServices]:
    """What is on the wire is the same with either database."""
    with ledger_services(SqliteDatabases(tmp_path_factory.mktemp("world")), shared_redis.url) as running:
        yield running


def write_everything(book: Client) -> None:
    """One of each: categories made and renamed, payments of every shape, corrected, removed, undone."""
    full = {"amount": "12.5", "currency": "USD", "category": "Café", "merchant": "Bar", "note": "two", "tags": ["a"]}
    made = book.post("/api/v1/expenses", full)
    plain = book.post("/api/v1/expenses", {"amount": "-3", "category": "Food", "spent_on": "2026-03-01"})
    book.patch(f"/api/v1/expenses/{made.json['id']}", {"merchant": None, "tags": []})
    book.patch(f"/api/v1/categories/{made.json['category_id']}", {"name": "Coffee", "colour": "red", "icon": "cup"})
    removed = book.delete(f"/api/v1/expenses/{plain.json['id']}")
    undone = book.post(f"/api/v1/journal/{removed.headers['outlay-action']}/undo", {})
    assert undone.status == 201, undone.body
    batch = [{"amount": "1", "category": "Food", "note": "n" * 400} for _ in range(100)]
    assert book.post("/api/v1/expenses/batch", {"create": batch}).status == 200


def messages(client: redis.Redis, count: int, stream: str = journal_stream(0)) -> list[dict[str, str]] | None:
    """All that was announced, once there is this much of it."""
    found = cast("list[Any]", client.xrange(stream))
    texts = [{name.decode(): value.decode() for name, value in fields.items()} for _, fields in found]
    return texts if len(texts) == count else None


def test_what_the_relay_announces_is_as_described(services: LedgerServices, redis_url: str, check: Check) -> None:
    user = services.new_user()
    write_everything(user.book)
    with redis.Redis.from_url(redis_url) as client:
        seen = until(lambda: messages(client, 8), what="eight entries")
    assert seen is not None
    for fields in seen:
        check("entry", fields)
    assert [len(fields) for fields in seen] == [3, 3, 3, 3, 3, 3, 3, 2], "the last one is too large to be told whole"
    kinds = {pair["kind"] for fields in seen[:-1] for pair in json.loads(fields["entry"])["pairs"]}
    assert kinds == {"ledger", "category", "expense"}


def test_what_gateways_are_told_of_identity_is_as_described(
    tmp_path_factory: pytest.TempPathFactory, redis_url: str, check: Check
) -> None:
    databases = SqliteDatabases(tmp_path_factory.mktemp("auth"))
    with (
        running_auth(settings(databases.copy_of("auth", migrate), redis_url=redis_url)) as auth,
        redis.Redis.from_url(redis_url) as client,
    ):
        auth.logout(Authorization=f"Bearer {auth.register().access}")
        seen = until(
            lambda: messages(client, 2, IDENTITY_STREAM), what="the journal's first entry and the session's end"
        )
    assert seen is not None
    for fields in seen:
        check("entry", fields)
    assert [pair["kind"] for pair in json.loads(seen[1]["entry"])["pairs"]] == ["session"]


def heard(pubsub: PubSub, kind: str) -> Json:
    while True:
        message = until(lambda: pubsub.get_message(timeout=1), what="a notice")
        notice: Json = json.loads(message["data"])
        if notice["kind"] == kind:
            return notice


def test_what_open_browsers_are_told_is_as_described(services: LedgerServices, redis_url: str, check: Check) -> None:
    user = services.new_user()
    with redis.Redis.from_url(redis_url) as client, client.pubsub(ignore_subscribe_messages=True) as pubsub:
        pubsub.subscribe(LIVE_CHANNEL)
        until(lambda: client.pubsub_numsub(LIVE_CHANNEL)[0][1] >= 2, what="both to listen")
        user.record()
        with EventStream(user.totals) as events:
            assert user.totals.get("/api/v1/summary").status == 200
            check("notice", heard(pubsub, LiveKind.REVISION))
            NoticePublisher(client).insights(user.ledger, 2, dt.datetime.now(dt.UTC))
            check("notice", heard(pubsub, LiveKind.INSIGHTS))
            for kind in LiveKind:
                event = next(one for one in events if one.name == kind)
                check(kind, event.data)


@pytest.mark.parametrize(
    "bent", [{"revision": "0"}, {"revision": "1.5"}, {"ledger": "mine"}, {"more": "x"}, {"entry": '{"id": 1}'}]
)
def test_what_is_not_as_described_is_noticed(check: Check, bent: dict[str, str]) -> None:
    healthy = {"ledger": "01890000-0000-7000-8000-000000000000", "revision": "1"}
    check("entry", healthy)
    with pytest.raises(ValidationError):
        check("entry", healthy | bent)
