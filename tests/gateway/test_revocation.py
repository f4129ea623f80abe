"""A token that was good when it was signed is refused once something became of its session or account."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
import redis

from contracts.identity_journal import IDENTITY_STREAM
from contracts.ids import LedgerId, UserId
from gateway.authentication import journal_reader
from tests.support.cached_responses import SUMMARY, store
from tests.support.client import ApiResponse, Client
from tests.support.gateway_under_test import GatewayUnderTest, gateway_under_test
from tests.support.identity_feed import IdentityFeed, account_erased, epoch_raised, publish, session_ended
from tests.support.issuer import Issuer
from tests.support.redis import RedisServer
from tests.support.waiting import until

NOWHERE = "redis://127.0.0.1:1/0"
UNREAD = "the journal of identity cannot be read"


def says(response: ApiResponse) -> str:
    """The problem's name, or nothing."""
    return str(response.json["type"]).rpartition(":")[2] if response.status >= 400 else ""


def refused(client: Client, slug: str = "unauthenticated") -> None:
    until(lambda: client.get("/api/v1/expenses").status != 200, what="the token to be refused")
    response = client.get("/api/v1/expenses")
    assert (response.status, says(response), response.headers["WWW-Authenticate"]) == (401, slug, "Bearer")


def served(client: Client) -> None:
    assert client.get("/api/v1/expenses").status == 200


@pytest.fixture
def stream_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The feed is read only after a message."""
    monkeypatch.setattr(journal_reader, "INTERVAL", 3600.0)


@pytest.fixture
def feed_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No message is published, and the feed is read often."""
    monkeypatch.setattr(journal_reader, "INTERVAL", 0.05)


@pytest.fixture
def streamed(shared_redis: RedisServer, stream_only: None) -> Iterator[GatewayUnderTest]:
    with gateway_under_test(shared_redis.url) as gateway:
        until(lambda: len(gateway.auth.feed.requests) > 1, what="the gateway to listen")
        yield gateway


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the reader warns of."""
    warnings: list[str] = []
    monkeypatch.setattr(journal_reader.log, "warning", lambda words, **_: warnings.append(words))
    return warnings


@pytest.fixture
def polled(feed_only: None) -> Iterator[GatewayUnderTest]:
    with gateway_under_test(NOWHERE) as gateway:
        yield gateway


def test_an_ended_session_is_refused_as_soon_as_it_is_published_and_others_are_not(
    streamed: GatewayUnderTest, cache: redis.Redis
) -> None:
    session = uuid4()
    account, client = streamed.new_user(sid=str(session))
    other = Client(streamed.url, streamed.issuer.token(UserId(account)))
    store(cache, LedgerId(account))
    served(client)

    publish(cache, streamed.auth.feed.append(session_ended(session, UserId(account))))

    refused(client)
    assert client.get(SUMMARY).status == 401, "not even a ready answer"
    served(other)


def test_a_stale_token_is_refused_and_the_next_one_is_not(streamed: GatewayUnderTest, cache: redis.Redis) -> None:
    account, client = streamed.new_user(epoch=3)
    publish(cache, streamed.auth.feed.append(epoch_raised(UserId(account), 4)))

    refused(client, "token-stale")
    served(Client(streamed.url, streamed.issuer.token(UserId(account), epoch=4)))


def test_an_erased_account_is_refused_whatever_its_epoch(streamed: GatewayUnderTest, cache: redis.Redis) -> None:
    account, client = streamed.new_user(epoch=9)
    publish(cache, streamed.auth.feed.append(account_erased(UserId(account))))

    refused(client)


def test_a_message_that_was_missed_is_made_good_by_the_next(streamed: GatewayUnderTest, cache: redis.Redis) -> None:
    first, second = uuid4(), uuid4()
    (account, one), (_, two) = streamed.new_user(sid=str(first)), streamed.new_user(sid=str(second))
    streamed.auth.feed.append(session_ended(first, UserId(account)))
    publish(cache, streamed.auth.feed.append(session_ended(second, UserId(account))))

    refused(two)
    refused(one)


def test_what_cannot_be_read_on_the_stream_is_looked_up(streamed: GatewayUnderTest, cache: redis.Redis) -> None:
    session = uuid4()
    account, client = streamed.new_user(sid=str(session))
    streamed.auth.feed.append(session_ended(session, UserId(account)))
    cache.xadd(IDENTITY_STREAM, {"ledger": "nonsense"})

    refused(client)


def test_without_redis_the_feed_is_enough(polled: GatewayUnderTest) -> None:
    session = uuid4()
    account, client = polled.new_user(sid=str(session))
    served(client)
    polled.auth.feed.append(session_ended(session, UserId(account)))

    refused(client)


def test_who_starts_later_knows_what_living_tokens_cannot(shared_redis: RedisServer, stream_only: None) -> None:
    feed, issuer = IdentityFeed(), Issuer()
    old, sessions = uuid4(), [uuid4() for _ in range(7)]
    account = UserId(uuid4())
    feed.append(session_ended(old, account))
    feed.window = feed.entries[-1].revision
    for session in sessions:
        feed.append(session_ended(session, account))

    with gateway_under_test(shared_redis.url, feed=feed, issuer=issuer) as gateway:
        for session in sessions:
            refused(Client(gateway.url, issuer.token(account, sid=str(session))))
        assert feed.requests[:3] == [None, 5, 8], "page by page, and no further back than it must"


@pytest.mark.parametrize("more", [0, 2, 4], ids=["shorter", "as long", "longer"])
def test_a_journal_that_was_put_back_is_read_anew(polled: GatewayUnderTest, more: int) -> None:
    feed = polled.auth.feed
    session, later = uuid4(), uuid4()
    account, client = polled.new_user(sid=str(session))
    _, also = polled.new_user(sid=str(later))
    feed.append(session_ended(session, account))
    refused(client)

    entry = feed.append(session_ended(later, account))
    refused(also)
    put_back = IdentityFeed()
    put_back.entries = feed.entries[: entry.revision - 2]
    for _ in range(more):
        put_back.append()
    polled.auth.feed = put_back

    until(lambda: client.get("/api/v1/expenses").status == 200, what="the session to be there again")
    served(also)
    put_back.append(session_ended(session, account))
    refused(client)


def test_while_auth_is_away_what_is_known_goes_on(polled: GatewayUnderTest) -> None:
    session = uuid4()
    account, ended = polled.new_user(sid=str(session))
    _, client = polled.new_user()
    polled.auth.feed.append(session_ended(session, account))
    refused(ended)

    polled.auth.feed.unavailable = True
    served(client)
    assert ended.get("/api/v1/expenses").status == 401
    polled.auth.feed.append(epoch_raised(account, 2))
    polled.auth.feed.unavailable = False
    refused(Client(polled.url, polled.issuer.token(account)), "token-stale")


def test_that_auth_starts_after_the_gateway_is_no_trouble(feed_only: None, said: list[str]) -> None:
    with gateway_under_test(NOWHERE, ready=False, auth_url="http://127.0.0.1:1") as gateway:
        waiting = ["auth", "identity"]
        until(
            lambda: gateway.anonymous().get("/readyz").json.get("waiting_for") == waiting, what="the others to be there"
        )
    assert UNREAD not in said


def test_before_revocations_are_known_every_token_is_refused(feed_only: None, said: list[str]) -> None:
    feed = IdentityFeed()
    feed.unavailable = True
    with gateway_under_test(NOWHERE, feed=feed, ready=False) as gateway:
        _, client = gateway.new_user()
        until(lambda: UNREAD in said, what="a word about it")
        until(lambda: client.get("/readyz").json.get("waiting_for") == ["identity"], what="the services to be there")

        response = client.get("/api/v1/expenses")
        assert (response.status, says(response), response.headers["Retry-After"]) == (503, "unavailable", "1")
        assert client.post("/api/v1/auth/login", {}).status == 200
        served(gateway.anonymous())
        feed.unavailable = False
        until(lambda: client.get("/api/v1/expenses").status == 200, what="the feed to be read")
        assert client.get("/readyz").status == 200


def test_a_refused_cookie_does_not_stand_in_the_way_of_a_new_session(polled: GatewayUnderTest) -> None:
    session = uuid4()
    account, client = polled.new_user(sid=str(session))
    polled.auth.feed.append(session_ended(session, account))
    refused(client)

    for name in ("register", "login", "refresh", "logout", "reset-request", "reset"):
        assert client.post(f"/api/v1/auth/{name}", {}).status == 200
    assert client.post("/api/v1/invitations/preview", {}).status == 200
    assert client.get("/api/v1/auth/options").status == 200
    assert client.get("/.well-known/jwks.json").status == 200
    for path in ("/api/v1/auth/me", "/api/v1/auth/sessions", "/api/v1/ledgers", "/api/v1/insights", "/api/v1/live"):
        assert client.get(path).status == 401, path
    assert client.post("/api/v1/auth/password", {}).status == 401
