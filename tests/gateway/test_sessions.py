"""Tokens are checked once and remembered; keys that cannot be fetched delay no request."""

import asyncio
import threading
import time
from typing import cast
from uuid import uuid4

import pytest

from chassis.security.access_tokens import AccessVerifier, KeySet
from contracts.cookies import session_cookies
from contracts.identity import Claims, Role
from contracts.ids import LedgerId, UserId
from contracts.journal import Via
from gateway.authentication import sessions
from gateway.authentication.api_tokens import ApiTokenExchange
from gateway.authentication.sessions import Authenticator, cookie
from tests.support.gateway_under_test import PUBLIC
from tests.support.issuer import Issuer
from tests.support.scripted_server import SILENCE, scripted_server
from tests.support.serving import serving
from tests.support.waiting import until

NAMES = session_cookies(PUBLIC)
HERE = "127.0.0.1"


class CountingVerifier(AccessVerifier):
    """Counts the checks."""

    checks = 0

    def verify(self, token: str) -> Claims:
        self.checks += 1
        return super().verify(token)


def sessions_by(verifier: AccessVerifier) -> Authenticator:
    """No client uses an API token."""
    return Authenticator(NAMES, verifier, cast("ApiTokenExchange", None), lambda _: False)


def bearer(token: str) -> dict[bytes, bytes]:
    return {b"authorization": b"Bearer " + token.encode()}


def test_a_token_is_checked_once() -> None:
    issuer = Issuer()
    account, other = UserId(uuid4()), LedgerId(uuid4())
    with serving(issuer.app()) as url:
        verifier = CountingVerifier(KeySet(f"{url}/.well-known/jwks.json"))
        known = sessions_by(verifier)
        token = issuer.token(account, ledgers={LedgerId(account): Role.OWNER, other: Role.VIEWER})

        async def story() -> None:
            for fields, via in ((bearer(token), Via.API), ({b"cookie": f"{NAMES.access}={token}".encode()}, Via.WEB)):
                session = await known.authenticate(fields, HERE)
                assert session.verified
                assert session.verified.caller == f"account:{account}"
                assert session.verified.readable == {str(account), str(other)}
                assert session.via is via
                assert session.authorization == f"Bearer {token}".encode()
                assert known.cached(fields) == session
            assert known.cached(bearer(token + "A")) is None
            assert known.cached({}) is None

        asyncio.run(story())
        assert verifier.checks == 1


def test_a_remembered_token_is_forgotten_when_it_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    issuer = Issuer()
    with serving(issuer.app()) as url:
        verifier = CountingVerifier(KeySet(f"{url}/.well-known/jwks.json"))
        known = sessions_by(verifier)
        fields = bearer(issuer.token(UserId(uuid4())))

        asyncio.run(known.authenticate(fields, HERE))
        asyncio.run(known.authenticate(fields, HERE))
        assert verifier.checks == 1
        assert known.cached(fields)
        later = time.time() + 3600
        monkeypatch.setattr("gateway.authentication.sessions.time.time", lambda: later)
        assert known.cached(fields) is None
        asyncio.run(known.authenticate(fields, HERE))
        assert verifier.checks == 2


def test_only_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "CACHE_SIZE", 3)
    issuer = Issuer()
    with serving(issuer.app()) as url:
        known = sessions_by(AccessVerifier(KeySet(f"{url}/.well-known/jwks.json")))

        async def story() -> None:
            for _ in range(10):
                await known.authenticate(bearer(issuer.token(UserId(uuid4()))), HERE)

        asyncio.run(story())
        assert len(known._cache) == 3


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {b"authorization": b"Basic cm9vdDpyb290"},
        {b"authorization": b"Bearer"},
        {b"authorization": b"Bearer \xff"},
        {b"authorization": b"Bearer not.a.token"},
        {b"cookie": b"outlay_access_8000=a b"},
        {b"cookie": b"outlay_access_8000=" + b"x" * 9000},
        {b"cookie": b"outlay_access_8000"},
    ],
    ids=str,
)
def test_an_invalid_token_is_anonymous(fields: dict[bytes, bytes]) -> None:
    known = sessions_by(AccessVerifier(KeySet("http://127.0.0.1:1/")))

    session = asyncio.run(known.authenticate(fields, HERE))

    assert session.verified is None
    assert session.authorization is None


def test_a_token_that_cannot_be_checked_now_is_checked_again() -> None:
    issuer = Issuer()
    known = sessions_by(AccessVerifier(KeySet("http://127.0.0.1:1/")))
    fields = bearer(issuer.token(UserId(uuid4())))

    session = asyncio.run(known.authenticate(fields, HERE))

    assert session.verified is None
    assert session.authorization == fields[b"authorization"]


@pytest.mark.parametrize("junk", ["!", "#", " x", "\t", ".", "\x85"], ids=repr)
def test_a_signature_with_something_after_it_proves_nothing(junk: str) -> None:
    """Readers of base64 pass over what is none of it: such a token would be refused here, and believed behind us."""
    issuer = Issuer()
    with serving(issuer.app()) as url:
        known = sessions_by(AccessVerifier(KeySet(f"{url}/.well-known/jwks.json")))
        token = issuer.token(UserId(uuid4()))

        for bent in (f"{token}{junk}x", f"{token[:-4]}{junk}{token[-4:]}"):
            session = asyncio.run(known.authenticate({b"authorization": f"Bearer {bent}".encode("latin-1")}, HERE))
            assert (session.authorization, session.verified) == (None, None)


def test_while_keys_cannot_be_had_the_loop_goes_on() -> None:
    """Tokens with unknown keys wait for auth, one at a time, and everybody else does not wait for them."""
    issuer = Issuer()
    with scripted_server(SILENCE) as silent:
        keys = KeySet(f"{silent.url}/.well-known/jwks.json")
        known = sessions_by(AccessVerifier(keys))
        threads: list[int] = []
        others = threading.active_count()

        async def story() -> None:
            flood = [
                asyncio.create_task(known.authenticate(bearer(issuer.token(UserId(uuid4()))), HERE)) for _ in range(20)
            ]
            await asyncio.to_thread(until, lambda: silent.connections, what="auth to be asked")
            threads.append(threading.active_count())
            assert (await known.authenticate({}, HERE)).verified is None
            keys._keys[issuer.kid] = issuer.key.public_key()
            keys._fetched_at = float("inf")
            assert (await known.authenticate(bearer(issuer.token(UserId(uuid4()))), HERE)).verified is not None
            assert silent.connections == 1
            for task in flood:
                task.cancel()
            await asyncio.gather(*flood, return_exceptions=True)

        asyncio.run(story())
        assert threads[0] - others < 15


@pytest.mark.parametrize(
    ("header", "value"),
    [
        (b"a=1", b"1"),
        (b"b=2; a=1", b"1"),
        (b"xa=1", b""),
        (b"a=1; a=2", b"1"),
        (b"a", b""),
        (b"", b""),
        (b"a=x=y", b"x=y"),
    ],
)
def test_a_cookie_is_found_by_its_whole_name(header: bytes, value: bytes) -> None:
    assert cookie(header, b"a") == value
