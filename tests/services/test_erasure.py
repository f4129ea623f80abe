"""A user leaves: their data is deleted everywhere, whatever fails on the way, and the data of others stays."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import redis
import sqlalchemy as sa

from chassis.database.engine import Database
from chassis.process.secret_urls import SecretUrlValue
from contracts.identity_journal import IDENTITY_STREAM
from contracts.response_cache import ledger_key
from services.auth.identity.tables import Base as AuthBase
from services.expenses.ledger.tables import Base as BookBase
from services.insights.tables import Base as TotalsBase
from tests.support.all_services import AllServices, SignedInUser, all_services
from tests.support.auth import PASSWORD
from tests.support.databases import Databases
from tests.support.ledger_member import head_of_identity, identity_changes
from tests.support.redis import RedisServer
from tests.support.waiting import until


@pytest.fixture(scope="module")
def services(databases: Databases, shared_redis: RedisServer) -> Iterator[AllServices]:
    with all_services(databases, shared_redis.url) as running:
        yield running


@pytest.fixture
def ada(services: AllServices) -> SignedInUser:
    return services.new_user("Ada")


@pytest.fixture
def bob(services: AllServices) -> SignedInUser:
    return services.new_user("Bob")


def erase(user: SignedInUser, password: str = PASSWORD) -> Any:
    return user.request("POST", "/auth/erase", {"password": password})


def mentions(url: SecretUrlValue, metadata: sa.MetaData, text: str) -> dict[str, int]:
    """In how many rows of which tables a text or an id stands."""
    database, found = Database(url), {}
    with database.snapshot() as session:
        for table in metadata.sorted_tables:
            rows = session.execute(sa.select(table)).all()
            found[table.name] = sum(text in str([str(value) for value in row]) for row in rows)
    database.close()
    return {name: count for name, count in found.items() if count}


def test_an_account_is_erased_everywhere(services: AllServices, ada: SignedInUser, shared_redis: RedisServer) -> None:
    note, merchant = f"my secret {uuid4()}", f"Rewe {uuid4()}"  # other tests share this Redis
    ada.spend(ada.id, note=note, merchant=merchant)
    own = ada.make_ledger("Alone")
    ada.refresh()
    ada.spend(own)
    assert ada.total(ada.id) == "12.50"
    token = ada.make_token("read")["token"]
    with redis.Redis.from_url(shared_redis.url) as client:
        until(lambda: note.encode() in dumped(client), what="the entry to be announced")

    answer = erase(ada)
    deleted = services.finished(answer.body["receipt"])

    assert answer.status == 202
    assert all("Max-Age=0" in line for line in answer.set_cookies.values())
    assert len(answer.set_cookies) == 2
    assert deleted["auth"]["accounts"] == deleted["auth"]["sessions"] == deleted["auth"]["api_tokens"] == 1
    assert deleted["auth"]["ledgers"] == deleted["auth"]["members"] == 2
    assert (deleted["expenses"]["expenses"], deleted["expenses"]["categories"]) == (2, 2)
    assert deleted["expenses"]["journal"] == 4, "each ledger was opened by an entry"
    assert deleted["insights"]["payments"] == 1, "a ledger without a reader was not derived yet"
    assert services.auth.login(ada.email).status == 401
    assert ada.exchange(token) == 401
    assert [ada.book.get("/api/v1/expenses").status, ada.totals.get("/api/v1/summary").status] == [404, 404]
    for url, base in [(services.expenses_settings, BookBase), (services.insights_settings, TotalsBase)]:
        assert set(mentions(url.database_url, base.metadata, ada.id)) <= {"ledgers", "checkpoints"}, "tombstones"
        assert mentions(url.database_url, base.metadata, merchant) == {}
    assert mentions(services.auth_settings.database_url, AuthBase.metadata, ada.email) == {}
    with redis.Redis.from_url(shared_redis.url) as client:
        assert client.exists(ledger_key(ada.id), ledger_key(own)) == 0
        left = dumped(client)
    assert [text for text in (ada.id, own, note, merchant) if text.encode() in left] == []


def dumped(client: Any) -> bytes:
    """All that clients can read of Redis but the identity journal, which keeps ids: names and values of every key."""
    readers = {b"string": client.get, b"hash": client.hgetall, b"stream": client.xrange, b"set": client.smembers}
    readers |= {b"list": lambda key: client.lrange(key, 0, -1), b"zset": lambda key: client.zrange(key, 0, -1)}
    keys = [key for key in client.scan_iter() if key != IDENTITY_STREAM.encode()]
    found = [(key, readers[client.type(key)](key)) for key in keys if client.exists(key)]
    return repr(found).encode()


def test_the_address_is_free_again_and_leads_nowhere_old(services: AllServices, ada: SignedInUser) -> None:
    ada.spend(ada.id)
    services.finished(erase(ada).body["receipt"])
    again = services.auth.register(ada.email)
    assert again.status == 201
    assert again.body["user"]["id"] != ada.id


def test_every_gateway_is_told(services: AllServices, ada: SignedInUser) -> None:
    key = services.key("gateway>auth")
    before = head_of_identity(services.auth, key)
    erase(ada)
    assert identity_changes(services.auth, before, key) == [
        ("member", ada.id, "owner", None),
        ("account", ada.id, 0, None),
    ]


def test_what_others_keep_stays_by_a_former_member(services: AllServices, ada: SignedInUser, bob: SignedInUser) -> None:
    ledger = bob.make_ledger()
    bob.share(ledger, ada)
    for one in (ada, bob):
        one.refresh()
    ada.spend(ledger, "7.00")
    bob.spend(ledger, "5.00")

    services.finished(erase(ada).body["receipt"])

    assert bob.total(ledger) == "12.00"
    assert bob.members(ledger) == {"Bob": "owner"}
    actors = [entry["actor"] for entry in bob.book.get(f"/api/v1/journal?ledger={ledger}").json["items"]]
    assert ada.id in actors


def test_an_owner_of_a_shared_ledger_hands_over_first(ada: SignedInUser, bob: SignedInUser) -> None:
    ledger = ada.make_ledger("Household")
    ada.share(ledger, bob)

    refused = erase(ada)
    assert (refused.status, refused.body["ledgers"]) == (409, [{"id": ledger, "name": "Household"}])
    assert ada.refresh()[ledger] == "owner"
    ada.request("POST", f"/ledgers/{ledger}/hand-over", {"account": bob.id})

    assert erase(ada).status == 202
    assert bob.members(ledger) == {"Bob": "owner"}


def test_it_takes_the_password(ada: SignedInUser) -> None:
    refused = erase(ada, "another password")
    assert (refused.status, refused.bad_fields) == (422, {"/password"})
    assert ada.request("GET", "/auth/me").status == 200


def test_a_ledger_is_erased_for_everybody_in_it(services: AllServices, ada: SignedInUser, bob: SignedInUser) -> None:
    ledger = ada.make_ledger()
    ada.share(ledger, bob)
    for one in (ada, bob):
        one.refresh()
    bob.spend(ledger)
    assert bob.request("DELETE", f"/ledgers/{ledger}", {"password": PASSWORD}).status == 403

    answer = ada.request("DELETE", f"/ledgers/{ledger}", {"password": PASSWORD})
    deleted = services.finished(answer.body["receipt"])

    assert answer.status == 202
    assert (deleted["auth"], deleted["expenses"]["expenses"]) == (
        {"ledger_invitations": 1, "members": 2, "ledgers": 1},
        1,
    )
    assert bob.book.get(f"/api/v1/expenses?ledger={ledger}").status == 404
    assert (ada.refresh(), bob.refresh()) == ({ada.id: "owner"}, {bob.id: "owner"})


def test_a_receipt_that_does_not_exist_is_not_found(services: AllServices) -> None:
    unknown = services.auth.call("GET", f"/api/v1/erasures/{uuid4()}")
    malformed = services.auth.call("GET", "/api/v1/erasures/x")
    assert (unknown.status, malformed.status, unknown.body) == (404, 404, malformed.body)


def test_all_that_auth_knows_can_be_taken_along(ada: SignedInUser, bob: SignedInUser) -> None:
    ledger = ada.make_ledger()
    ada.make_token("read", "write")
    ada.share(ledger, bob)

    answer = ada.request("GET", "/auth/export")

    told = answer.body
    assert "attachment" in answer.headers["Content-Disposition"]
    assert (told["user"]["email"], len(told["sessions"]), told["tokens"][0]["scopes"]) == (
        *(ada.email, 1),
        ["read", "write"],
    )
    assert [item["name"] for item in told["user"]["ledgers"]] == ["Personal", "Household"]
    assert [event["action"] for event in told["events"]] == ["create_ledger"]
    assert bob.id not in str(told)
