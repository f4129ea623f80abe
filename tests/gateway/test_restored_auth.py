"""auth is restored from a backup while the gateway runs: tokens signed after the backup are refused."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from deploy.local.ports import free_port
from gateway.authentication import journal_reader, revocations
from services.auth.app import create
from tests.support.auth import Auth, migrate, settings
from tests.support.client import Client
from tests.support.databases import Databases
from tests.support.gateway_under_test import GatewayUnderTest
from tests.support.gateway_with_auth import gateway_with_auth
from tests.support.ledger_member import LedgerMember
from tests.support.redis import RedisServer
from tests.support.serving import serving
from tests.support.waiting import until


class RestorableAuth:
    """auth on one port, stopped and started again on other databases."""

    def __init__(self, databases: Databases, redis_url: str) -> None:
        self.port = free_port()
        self.url = databases.copy_of("auth", migrate)
        self._redis_url = redis_url

    @contextmanager
    def running(self, url: str) -> Iterator[Auth]:
        configured = settings(url, redis_url=self._redis_url)
        with serving(create(configured), self.port) as address:
            yield Auth(address, configured.cookies)


def status(gateway: GatewayUnderTest, token: str) -> tuple[int, str]:
    response = Client(gateway.url, token).get("/api/v1/expenses")
    return response.status, str(response.json.get("type", "")).rpartition(":")[2]


@pytest.mark.parametrize("noticed_by", ["redis", "feed"])
def test_a_member_removed_after_a_restore_writes_no_more_with_a_token_of_before(
    databases: Databases, shared_redis: RedisServer, monkeypatch: pytest.MonkeyPatch, noticed_by: str
) -> None:
    monkeypatch.setattr(journal_reader, "INTERVAL", 3600.0 if noticed_by == "redis" else 0.05)
    redis_url = shared_redis.url if noticed_by == "redis" else "redis://127.0.0.1:1/0"
    stand = RestorableAuth(databases, redis_url)
    with ExitStack() as stack:
        with stand.running(stand.url) as auth:
            ada, bob = LedgerMember(auth, "Ada"), LedgerMember(auth, "Bob")
            home = ada.make_ledger()
            ada.share(home, bob)
        backup = databases.duplicate(stand.url)
        with stand.running(stand.url) as auth:
            gateway = stack.enter_context(gateway_with_auth(auth, redis_url))
            other = ada.make_ledger("Other")
            ada.share(other, bob)
            bob.refresh()
            until(lambda: status(gateway, bob.access) == (200, ""), what="the token of Bob to be good")
            since = bob.access
        with stand.running(backup) as auth:
            # Bob's epoch is lower now than the token says, and stays so when he is removed.
            fresh = LedgerMember.__new__(LedgerMember)
            fresh.auth, fresh.id, fresh.access = auth, ada.id, auth.login(ada.email).access
            assert fresh.request("DELETE", f"/ledgers/{home}/members/{bob.id}").status == 204

            until(lambda: status(gateway, since) == (401, "token-stale"), what="the old token to be refused")
            again = auth.login(bob.email)
            assert [ledger["personal"] for ledger in again.body["user"]["ledgers"]] == [True]
            assert status(gateway, again.access) == (200, "")
    for url in (backup, stand.url):
        databases.drop(url)


def test_a_gateway_that_starts_after_the_restore_believes_no_token_of_the_lost_history(
    databases: Databases, shared_redis: RedisServer
) -> None:
    stand = RestorableAuth(databases, shared_redis.url)
    with stand.running(stand.url) as auth:
        ada = LedgerMember(auth, "Ada")
    backup = databases.duplicate(stand.url)
    with stand.running(stand.url) as auth:
        ada.make_ledger()
        ada.refresh()
    with stand.running(backup) as auth, gateway_with_auth(auth, shared_redis.url) as gateway:
        assert status(gateway, ada.access) == (401, "token-stale")
        assert status(gateway, auth.login(ada.email).access) == (200, "")
    for url in (backup, stand.url):
        databases.drop(url)


def test_a_token_that_is_newer_than_what_the_gateway_has_read_waits_for_that(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No message and no scheduled read comes in between: the token itself makes the gateway read on."""
    monkeypatch.setattr(journal_reader, "INTERVAL", 3600.0)
    nowhere = "redis://127.0.0.1:1/0"
    stand = RestorableAuth(databases, nowhere)
    with stand.running(stand.url) as auth, gateway_with_auth(auth, nowhere) as gateway:
        ada = LedgerMember(auth, "Ada")
        ada.make_ledger()
        ada.refresh()
        assert status(gateway, ada.access) == (200, "")
    databases.drop(stand.url)


def test_a_failed_read_releases_the_requests_that_wait_for_it(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_reader, "INTERVAL", 3600.0)
    monkeypatch.setattr(revocations, "SETTLE_TIMEOUT", 3600.0)  # only the failure ends the wait
    nowhere = "redis://127.0.0.1:1/0"
    stand = RestorableAuth(databases, nowhere)
    with ExitStack() as stack:
        with stand.running(stand.url) as auth:
            ada = LedgerMember(auth, "Ada")
            gateway = stack.enter_context(gateway_with_auth(auth, nowhere))
            until(lambda: status(gateway, ada.access) == (200, ""), what="the gateway to have auth's keys")
            ada.make_ledger()
            ada.refresh()
        assert status(gateway, ada.access) == (503, "unavailable")
    databases.drop(stand.url)
