"""What a signed token cannot know is noted, numbered without gaps, announced, and can be read after."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from chassis.database.engine import Database
from chassis.journal.journal import Journal
from contracts.identity_journal import IDENTITY, IDENTITY_STREAM
from contracts.ids import UserId
from contracts.journal import FeedPage, JournalEntry, StreamMessage
from services.auth.identity.journal import MIN_ENTRIES, IdentityJournal
from services.auth.identity.tables import EntryRow, JournalRow
from services.auth.settings import ACCESS_TOKEN_LIFETIME
from tests.support.auth import (
    PASSWORD,
    Auth,
    MovableClock,
    concurrently,
    migrate,
    running_auth,
    service_token,
    settings,
    unused_email,
)
from tests.support.databases import Databases
from tests.support.redis import RedisServer
from tests.support.waiting import until


@pytest.fixture(scope="module")
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="module")
def auth(databases: Databases, shared_redis: RedisServer, clock: MovableClock) -> Iterator[Auth]:
    url = databases.copy_of("auth", migrate)
    with running_auth(settings(url, redis_url=shared_redis.url), clock) as instance:
        yield instance
    databases.drop(url)


def feed(auth: Auth, after: int | None = None) -> FeedPage:
    query = "" if after is None else f"?after={after}"
    answer = auth.get(f"/internal/identity{query}", service_token("gateway", "auth"))
    assert answer.status == 200, answer.body
    return FeedPage.model_validate(answer.body)


def ended(page: FeedPage) -> list[str]:
    return [str(pair.id) for entry in page.entries for pair in entry.pairs if pair.kind == "session"]


def published_entry(server: RedisServer) -> JournalEntry | None:
    """The newest entry that was announced."""
    with redis.Redis.from_url(server.url) as client:
        found: Any = client.xrevrange(IDENTITY_STREAM, count=1)
    return StreamMessage.decode(found[0][1]).entry if found else None


def session_of(auth: Auth, token: str) -> Any:
    items: list[dict[str, Any]] = auth.get("/api/v1/auth/sessions", token).body["items"]
    return next(item["id"] for item in items if item["current"])


def test_a_sign_out_is_noted_and_announced(auth: Auth, shared_redis: RedisServer) -> None:
    here = auth.register()
    session = session_of(auth, here.access)
    before = feed(auth).head

    auth.logout(Authorization=f"Bearer {here.access}", Cookie=f"{auth.names.refresh}={here.refresh}")

    page = feed(auth, before)
    assert (page.head, ended(page)) == (before + 1, [session])
    until(lambda: published_entry(shared_redis) == page.entries[-1], what="the sign-out to be announced")


def test_a_refresh_token_used_again_ends_its_session_for_tokens_too(auth: Auth, clock: MovableClock) -> None:
    here = auth.register()
    session = session_of(auth, here.access)
    clock.forward(seconds=61)
    second = auth.refresh(here.refresh).refresh
    clock.forward(seconds=61)
    auth.refresh(second)
    clock.back()
    before = feed(auth).head

    assert auth.refresh(here.refresh).status == 401
    assert auth.refresh(here.refresh).status == 401

    page = feed(auth, before)
    assert (page.head, ended(page)) == (before + 1, [session])
    assert page.entries[0].actor is None


def test_all_that_end_at_once_are_one_entry(auth: Auth) -> None:
    address = unused_email()
    others = [auth.register(address), auth.login(address)]
    here = auth.login(address)
    wanted = {session_of(auth, one.access) for one in others}
    before = feed(auth).head

    auth.signed_in("DELETE", "/api/v1/auth/sessions?keep=current", here.access)

    [entry] = feed(auth, before).entries
    assert {str(pair.id) for pair in entry.pairs} == wanted


def test_a_new_password_ends_the_other_sessions_for_tokens_too(auth: Auth) -> None:
    address = unused_email()
    other, here = auth.register(address), auth.login(address)
    gone = session_of(auth, other.access)
    before = feed(auth).head
    sent = {"current": PASSWORD, "new": "another long walk"}

    assert auth.signed_in("POST", "/api/v1/auth/password", here.access, sent).status == 204

    assert ended(feed(auth, before)) == [gone]


def test_what_changes_nothing_uses_up_no_number(auth: Auth) -> None:
    before = feed(auth).head
    assert auth.logout().status == 204
    address = unused_email()
    auth.register(address)
    auth.login(address)
    assert feed(auth, before).entries == ()
    assert feed(auth).head == before


def test_sessions_that_end_at_once_are_numbered_without_gaps(auth: Auth) -> None:
    users = [auth.register() for _ in range(8)]
    before = feed(auth).head
    concurrently(*(lambda one=one: auth.logout(Authorization=f"Bearer {one.access}") for one in users))
    page = feed(auth, before)
    assert [entry.revision for entry in page.entries] == list(range(before + 1, before + 9))
    assert [entry.previous for entry in page.entries[1:]] == [entry.id for entry in page.entries[:-1]]


def test_a_gateway_that_has_just_started_gets_what_living_tokens_may_not_know(databases: Databases) -> None:
    url = databases.copy_of("auth", migrate)
    database, clock = Database(url), MovableClock()
    try:
        journal = IdentityJournal(database, Journal(JournalRow, EntryRow), lambda: None)
        journal.open()
        for _ in range(MIN_ENTRIES + 1):
            with journal.unit_of_work("end_session", None) as uow:
                uow.session_ended(IDENTITY, UserId(IDENTITY))

        def revisions() -> list[int]:
            return [entry.revision for entry in journal.feed_since(clock() - ACCESS_TOKEN_LIFETIME, clock()).entries]

        everything, newest = list(range(1, MIN_ENTRIES + 3)), list(range(3, MIN_ENTRIES + 3))
        assert revisions() == everything, "all of them are young"
        clock.forward(hours=2)
        assert revisions() == newest, "they may be young, and written by a clock that was behind"
        clock.forward(days=-365)
        assert revisions() == newest, "moments far ahead make none young"
    finally:
        database.close()
        databases.drop(url)


def test_no_entry_holds_a_name_or_an_address(auth: Auth) -> None:
    here = auth.register("ada.lovelace@example.org", name="Ada Lovelace")
    auth.logout(Authorization=f"Bearer {here.access}")
    told = json.dumps([entry.encode() for entry in feed(auth, 0).entries]).lower()
    assert "lovelace" not in told  # three letters would be found in some id


def test_the_feed_is_for_services_alone(auth: Auth) -> None:
    here = auth.register()
    assert auth.get("/internal/identity", here.access).status == 401
