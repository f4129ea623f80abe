"""Who asks: the cookie or the bearer token of a request, and what it proves."""

import asyncio
import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import NamedTuple
from uuid import UUID

import jwt

from chassis.errors import Unauthenticated, Unavailable
from chassis.security.access_tokens import AccessVerifier, is_current
from contracts.cookies import SessionCookies
from contracts.identity import Claims, Permission, can
from contracts.journal import Via
from gateway.authentication.api_tokens import PREFIX, ApiTokens
from gateway.client_addresses import caller_at

REMEMBERED = 10_000
"""Verified tokens kept; a check costs 0.1 ms, and a token lives ten minutes."""

_TOKEN = re.compile(rb"[A-Za-z0-9\-_.~+/=]{1,8192}")


class Verified(NamedTuple):
    """What a good token proves, worked out once."""

    claims: Claims
    caller: str
    """The key under which the bearer is counted."""
    ledger: str
    """The bearer's own ledger."""
    readable: frozenset[str]
    """The ledgers that may be read with this token."""
    session: str
    account: str
    epoch: int
    entry: UUID | None
    """The newest entry of the identity journal when the token was signed; None where the token does not say."""
    generation: int | None
    """Of the refresh token that came with it; None for API tokens."""


class Session(NamedTuple):
    """The credential of one request. Whether it is good enough is for the service to say."""

    authorization: bytes | None
    """What goes on to the service as `Authorization`: nothing that has been looked at and proves nothing. A service
    might read it in another way, and then believe somebody who is refused here."""
    via: Via
    verified: Verified | None
    """None where there is no good token; with an `authorization` beside it, nobody could say whether it is good."""


NOBODY = Session(None, Via.API, None)


class Sessions:
    """Finds the session of a request; remembers the tokens that were good until they expire."""

    def __init__(
        self,
        cookies: SessionCookies,
        verifier: AccessVerifier,
        api_tokens: ApiTokens,
        is_stale: Callable[[Verified], bool],
    ) -> None:
        """`is_stale` says of a good token whether another one is to be had in its place."""
        self._cookie = cookies.access.encode()
        self._verifier = verifier
        self._api_tokens = api_tokens
        self._is_stale = is_stale
        self._known: OrderedDict[bytes, Verified] = OrderedDict()
        self._asking = asyncio.Lock()

    async def of(self, fields: Mapping[bytes, bytes], address: str) -> Session:
        """The session of a request with these header fields; `Authorization` wins over a cookie.

        Raises Refused where the address has tried too many API tokens that are none.
        """
        token, via = self._credential(fields)
        if via is Via.WEB or not token.startswith(PREFIX):
            return await self._by(token, via)
        try:
            session = await self._traded(token, address)
            if session.verified is not None and self._is_stale(session.verified):
                # A browser refreshes; a program has nothing to refresh.
                self._api_tokens.forget(token)
                session = await self._traded(token, address)
        except Unauthenticated:
            return NOBODY
        except Unavailable:
            return Session(fields[b"authorization"], Via.API, None)
        return session

    def remembered(self, fields: Mapping[bytes, bytes]) -> Session | None:
        """The same for a token that was verified before, found without waiting; None for any other."""
        token, via = self._credential(fields)
        verified = self._recall(_digest(token)) if token else None
        return None if verified is None else Session(b"Bearer " + token, via, verified)

    def _credential(self, fields: Mapping[bytes, bytes]) -> tuple[bytes, Via]:
        """The token of a request, empty where there is none."""
        authorization = fields.get(b"authorization")
        if authorization is None:
            return cookie(fields.get(b"cookie", b""), self._cookie), Via.WEB
        kind, _, token = authorization.partition(b" ")
        return token.strip() if kind.lower() == b"bearer" else b"", Via.API

    async def _traded(self, token: bytes, address: str) -> Session:
        return await self._by(await self._api_tokens.trade(token, caller_at(address)), Via.API)

    async def _by(self, token: bytes, via: Via) -> Session:
        if not _TOKEN.fullmatch(token):
            return NOBODY
        try:
            return Session(b"Bearer " + token, via, await self._check(token))
        except Unauthenticated:
            return NOBODY
        except Unavailable:
            return Session(b"Bearer " + token, via, None)

    async def _check(self, token: bytes) -> Verified:
        digest = _digest(token)
        found = self._recall(digest)
        if found is None:
            found = await self._verify(token.decode())
            self._remember(digest, found)
        return found

    def _recall(self, digest: bytes) -> Verified | None:
        found = self._known.get(digest)
        if found is None:
            return None
        if not is_current(found.claims, time.time()):
            del self._known[digest]
            return None
        self._known.move_to_end(digest)
        return found

    async def _verify(self, token: str) -> Verified:
        """Checks a token in a thread. One with an unknown key waits its turn, so that it cannot hold up the others.

        Raises Unauthenticated, or Unavailable before the first keys are had.
        """
        try:
            kid = str(jwt.get_unverified_header(token).get("kid", ""))
        except (jwt.PyJWTError, ValueError) as error:
            raise Unauthenticated from error
        if self._verifier.keys.cached(kid) is not None:
            claims = await asyncio.to_thread(self._verifier.verify, token)
        else:
            async with self._asking:
                claims = await asyncio.to_thread(self._verifier.verify, token)
        return Verified(
            claims=claims,
            caller=f"account:{claims.sub}",
            ledger=str(claims.personal_ledger),
            readable=frozenset(str(ledger) for ledger in claims.ledgers if can(claims, Permission.READ, ledger)),
            session=str(claims.sid),
            account=str(claims.sub),
            epoch=claims.epoch,
            entry=claims.entry,
            generation=claims.gen,
        )

    def _remember(self, digest: bytes, verified: Verified) -> None:
        self._known[digest] = verified
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def _digest(token: bytes) -> bytes:
    return hashlib.blake2b(token, digest_size=16).digest()


def cookie(header: bytes, name: bytes) -> bytes:
    """The value of a cookie; empty where it is not there."""
    for pair in header.split(b";"):
        key, _, value = pair.strip().partition(b"=")
        if key == name:
            return value
    return b""
