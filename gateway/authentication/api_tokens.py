"""API tokens, which say nothing themselves: auth trades them for the short tokens that everybody can check.

The response of auth is remembered for up to a minute, a refusal for up to 10 seconds. Attempts with made-up tokens are
stopped before auth is asked, by the limit that also bounds guessing at passwords. A revoked token is refused before the
minute ends: its access token names it as the session, and the identity journal says that this session has ended.
"""

import asyncio
import hashlib
import random
import re
import time
from collections import OrderedDict
from typing import NamedTuple

from chassis.errors import TooManyRequests, Unauthenticated, Unavailable
from gateway.authentication.auth_client import Identity
from gateway.rate_limits.caller_limits import CallerLimit
from gateway.routes import Service
from gateway.upstreams.bulkhead import Bulkhead, Lane, Size

PREFIX = b"outlay_pat_"
_SHAPE = re.compile(rb"outlay_pat_[A-Za-z0-9_\-]{20,200}")

GOOD_FOR = 60.0
BAD_FOR = 10.0
"""Seconds for which an answer of auth is remembered."""
REMEMBERED = 10_000
_CHANCE = random.SystemRandom()
JITTER = 0.25
"""Largest fraction by which that time is shortened, so that entries do not all expire at once."""
TRADES = Size(places=16, each=8, queue=200, queue_each=50, timeout=4.0)
"""Concurrent exchanges with auth, in total and per network address; further ones are queued."""


class Traded(NamedTuple):
    """What auth said about a token."""

    token: bytes | None
    """What it was traded for; None where it is no good."""
    fresh_until: float


class ApiTokens:
    """Trades API tokens. Not for threads: it lives on the event loop."""

    def __init__(self, identity: Identity, bad_ones: CallerLimit) -> None:
        """`bad_ones` is how many tokens that are none each address may try."""
        self._identity = identity
        self._bad_ones = bad_ones
        self._known: OrderedDict[bytes, Traded] = OrderedDict()
        self._places = Bulkhead(Service.AUTH, TRADES)
        self._asking: dict[bytes, asyncio.Task[bytes | None]] = {}

    async def trade(self, token: bytes, asker: str) -> bytes:
        """A token that proves who asks. Raises Unauthenticated, Unavailable, or TooManyRequests for trying too many."""
        if not _SHAPE.fullmatch(token):
            raise Unauthenticated
        digest = _digest(token)
        known = self._known.get(digest)
        if known is not None and known.fresh_until > time.monotonic():
            traded = known.token
        else:
            traded = await self._ask_once(digest, token, asker)
        if traded is None:
            raise Unauthenticated
        return traded

    def forget(self, token: bytes) -> None:
        """What it was traded for is out of date: the next one who comes with it is to get another."""
        self._known.pop(_digest(token), None)

    async def _ask_once(self, digest: bytes, token: bytes, asker: str) -> bytes | None:
        """All who come with the same token share one question to auth, whoever of them leaves meanwhile."""
        asking = self._asking.get(digest)
        if asking is None:
            self._bad_ones.require_some_left(asker)
            asking = self._asking[digest] = asyncio.create_task(self._ask(digest, token, asker))
            asking.add_done_callback(lambda task: self._answered(digest, task))
        return await asyncio.shield(asking)

    def _answered(self, digest: bytes, task: asyncio.Task[bytes | None]) -> None:
        del self._asking[digest]
        if not task.cancelled():
            task.exception()  # looked at, even where nobody waits for it any more

    async def _ask(self, digest: bytes, token: bytes, asker: str) -> bytes | None:
        try:
            with await self._places.take(Lane(asker)):
                traded = await self._identity.exchange(token.decode())
        except (Unavailable, TooManyRequests):
            # What it was traded for is good for some minutes yet; whether it still is will be checked as ever.
            known = self._known.get(digest)
            if known is None or known.token is None:
                raise
            traded = known.token
        kept = (BAD_FOR if traded is None else GOOD_FOR) * (1 - JITTER * _CHANCE.random())
        self._known[digest] = Traded(traded, time.monotonic() + kept)
        self._known.move_to_end(digest)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        if traded is None:
            self._bad_ones.count(asker)
        return traded


def _digest(token: bytes) -> bytes:
    return hashlib.blake2b(token, digest_size=16).digest()
