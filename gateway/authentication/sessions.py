"""Authenticates requests by cookie or bearer token."""

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
from gateway.authentication.api_tokens import PREFIX, ApiTokenExchange
from gateway.client_addresses import network_key

CACHE_SIZE = 10_000
"""Verified tokens in the cache; a verification costs 0.1 ms, and a token lives ten minutes."""

_TOKEN = re.compile(rb"[A-Za-z0-9\-_.~+/=]{1,8192}")


class VerifiedToken(NamedTuple):
    """The result of verifying a token, computed once."""

    claims: Claims
    caller: str
    """The rate-limit key."""
    ledger: str
    """The user's own ledger."""
    readable: frozenset[str]
    """The ledgers that may be read with this token."""
    session: str
    account: str
    epoch: int
    entry: UUID | None
    """The newest entry of the identity journal at signing; None if the token does not name one."""
    generation: int | None
    """Generation of the refresh token that came with it; None for API tokens."""


class RequestSession(NamedTuple):
    """The credential of one request. The service decides whether it is sufficient."""

    authorization: bytes | None
    """Value of `Authorization` for the service; None for a token that was checked and is invalid. A service might read
    it differently, and then accept a client that is refused here."""
    via: Via
    verified: VerifiedToken | None
    """None without a valid token; with an `authorization` beside it, the token could not be checked."""


ANONYMOUS = RequestSession(None, Via.API, None)


class Authenticator:
    """Finds the session of a request, and caches valid tokens until they expire."""

    def __init__(
        self,
        cookies: SessionCookies,
        verifier: AccessVerifier,
        api_tokens: ApiTokenExchange,
        is_stale: Callable[[VerifiedToken], bool],
    ) -> None:
        """`is_stale` tells whether a valid token can be exchanged for a newer one."""
        self._cookie = cookies.access.encode()
        self._verifier = verifier
        self._api_tokens = api_tokens
        self._is_stale = is_stale
        self._cache: OrderedDict[bytes, VerifiedToken] = OrderedDict()
        self._fetching_keys = asyncio.Lock()

    async def authenticate(self, fields: Mapping[bytes, bytes], address: str) -> RequestSession:
        """Returns the session of a request with these headers; `Authorization` takes precedence over a cookie.

        Raises RateLimitExceededProblem if the address has tried too many API tokens that are none.
        """
        token, via = self._credential(fields)
        if via is Via.WEB or not token.startswith(PREFIX):
            return await self._session_of(token, via)
        try:
            session = await self._exchanged(token, address)
            if session.verified is not None and self._is_stale(session.verified):
                # A browser refreshes its token; a program cannot.
                self._api_tokens.discard(token)
                session = await self._exchanged(token, address)
        except Unauthenticated:
            return ANONYMOUS
        except Unavailable:
            return RequestSession(fields[b"authorization"], Via.API, None)
        return session

    def cached(self, fields: Mapping[bytes, bytes]) -> RequestSession | None:
        """Returns the session of a cached token without waiting; None for any other token."""
        token, via = self._credential(fields)
        verified = self._cached(_digest(token)) if token else None
        return None if verified is None else RequestSession(b"Bearer " + token, via, verified)

    def _credential(self, fields: Mapping[bytes, bytes]) -> tuple[bytes, Via]:
        """Returns the token of a request, empty without one."""
        authorization = fields.get(b"authorization")
        if authorization is None:
            return cookie(fields.get(b"cookie", b""), self._cookie), Via.WEB
        kind, _, token = authorization.partition(b" ")
        return token.strip() if kind.lower() == b"bearer" else b"", Via.API

    async def _exchanged(self, token: bytes, address: str) -> RequestSession:
        return await self._session_of(await self._api_tokens.exchange(token, network_key(address)), Via.API)

    async def _session_of(self, token: bytes, via: Via) -> RequestSession:
        if not _TOKEN.fullmatch(token):
            return ANONYMOUS
        try:
            return RequestSession(b"Bearer " + token, via, await self._check(token))
        except Unauthenticated:
            return ANONYMOUS
        except Unavailable:
            return RequestSession(b"Bearer " + token, via, None)

    async def _check(self, token: bytes) -> VerifiedToken:
        digest = _digest(token)
        verified = self._cached(digest)
        if verified is None:
            verified = await self._verify(token.decode())
            self._store(digest, verified)
        return verified

    def _cached(self, digest: bytes) -> VerifiedToken | None:
        verified = self._cache.get(digest)
        if verified is None:
            return None
        if not is_current(verified.claims, time.time()):
            del self._cache[digest]
            return None
        self._cache.move_to_end(digest)
        return verified

    async def _verify(self, token: str) -> VerifiedToken:
        """Verifies a token in a thread. Tokens with unknown keys wait for each other, so that they delay no others.

        Raises Unauthenticated, or Unavailable before the first keys were fetched.
        """
        try:
            kid = str(jwt.get_unverified_header(token).get("kid", ""))
        except (jwt.PyJWTError, ValueError) as error:
            raise Unauthenticated from error
        if self._verifier.keys.cached(kid) is not None:
            claims = await asyncio.to_thread(self._verifier.verify, token)
        else:
            async with self._fetching_keys:
                claims = await asyncio.to_thread(self._verifier.verify, token)
        return VerifiedToken(
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

    def _store(self, digest: bytes, verified: VerifiedToken) -> None:
        self._cache[digest] = verified
        if len(self._cache) > CACHE_SIZE:
            self._cache.popitem(last=False)


def _digest(token: bytes) -> bytes:
    return hashlib.blake2b(token, digest_size=16).digest()


def cookie(header: bytes, name: bytes) -> bytes:
    """Returns the value of a cookie; empty if it is absent."""
    for pair in header.split(b";"):
        key, _, value = pair.strip().partition(b"=")
        if key == name:
            return value
    return b""
