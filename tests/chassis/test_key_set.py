"""The verifier's copy of the keys: one question at a time, and none for every stranger."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI, HTTPException

from chassis.errors import Unavailable
from chassis.security import access_tokens
from chassis.security.access_tokens import KeySet
from tests.support.auth import concurrently
from tests.support.issuer import Issuer
from tests.support.serving import serving
from tests.support.waiting import until


class KeySetServer:
    """Stands for auth: counts how often it is asked, and can be slow or broken."""

    def __init__(self) -> None:
        self.issuer = Issuer()
        self.asked = 0
        self.broken = False
        self.open = threading.Event()
        self.open.set()

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/keys")
        def keys() -> dict[str, object]:
            self.asked += 1
            self.open.wait(10)
            if self.broken:
                raise HTTPException(503)
            return self.issuer.jwks()

        return app


@pytest.fixture
def auth() -> KeySetServer:
    return KeySetServer()


@pytest.fixture
def keys(auth: KeySetServer) -> Iterator[KeySet]:
    with serving(auth.app()) as url:
        yield KeySet(f"{url}/keys")


def grow_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on every key was fetched too long ago, and no try is too recent."""
    monkeypatch.setattr(access_tokens, "REFRESH_AFTER", -1.0)
    monkeypatch.setattr(access_tokens, "RETRY_AFTER", -1.0)


def test_many_who_come_first_ask_once(auth: KeySetServer, keys: KeySet) -> None:
    found = concurrently(*[lambda: keys.get(auth.issuer.kid)] * 8)

    assert all(found)
    assert auth.asked == 1


def test_unknown_key_ids_cause_no_request_while_the_last_answer_is_young(auth: KeySetServer, keys: KeySet) -> None:
    assert keys.get(auth.issuer.kid) is not None

    assert {keys.get(f"unknown {number}") for number in range(200)} == {None}
    assert auth.asked == 1


def test_a_key_that_appeared_since_is_found(auth: KeySetServer, keys: KeySet, monkeypatch: pytest.MonkeyPatch) -> None:
    assert keys.get(auth.issuer.kid) is not None
    auth.issuer = Issuer()
    monkeypatch.setattr(access_tokens, "RETRY_AFTER", -1.0)

    assert keys.get(auth.issuer.kid) is not None
    assert auth.asked == 2


def test_old_keys_serve_while_auth_is_away(auth: KeySetServer, keys: KeySet, monkeypatch: pytest.MonkeyPatch) -> None:
    assert keys.get(auth.issuer.kid) is not None
    grow_old(monkeypatch)
    auth.broken = True

    assert keys.get(auth.issuer.kid) is not None
    assert auth.asked == 2


def test_no_token_with_a_known_key_waits_for_a_slow_answer(
    auth: KeySetServer, keys: KeySet, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keys.get(auth.issuer.kid) is not None
    grow_old(monkeypatch)
    auth.open.clear()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(keys.get, "unknown")
        until(lambda: auth.asked == 2, what="one to ask")

        assert all(keys.get(auth.issuer.kid) for _ in range(50))

        auth.open.set()
    assert auth.asked == 2


def test_without_any_key_nothing_can_be_said_and_few_ask(auth: KeySetServer, keys: KeySet) -> None:
    auth.broken = True
    refused: list[str] = []

    def ask() -> None:
        try:
            keys.get(auth.issuer.kid)
        except Unavailable as error:
            refused.append(error.detail)

    auth.open.clear()
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(ask)
        until(lambda: auth.asked == 1, what="one to ask")
        others = [pool.submit(ask) for _ in range(8)]
        auth.open.set()
        for one in (first, *others):
            one.result()

    assert len(refused) == 9
    auth.broken = False
    assert keys.get(auth.issuer.kid) is not None


def test_a_key_withdrawn_is_refused(auth: KeySetServer, keys: KeySet, monkeypatch: pytest.MonkeyPatch) -> None:
    old = auth.issuer.kid
    assert keys.get(old) is not None
    auth.issuer = Issuer()
    grow_old(monkeypatch)

    assert keys.get(old) is None
