"""API tokens, which say nothing themselves: auth trades them for the short tokens that everybody can check.

What auth said is remembered for a minute, and where it was no for a few seconds. Whoever tries one made-up token after
another is stopped before auth is asked, by the limit that also bounds guessing at passwords. A token that is taken back
need not wait for the minute to end: what it was traded for names it as its session, and the journal of identity says
that this one has ended.
"""

import asyncio
import hashlib
import re
import time
from collections import OrderedDict
from typing import NamedTuple

from chassis.errors import Unauthenticated, Unavailable
from gateway.errors import ServiceBusy
from gateway.identity import Identity
from gateway.limits import CallerLimit
from gateway.routing import Service

PREFIX = b"outlay_pat_"
_SHAPE = re.compile(rb"outlay_pat_[A-Za-z0-9_\-]{20,200}")

GOOD_FOR = 60.0
BAD_FOR = 10.0
"""Seconds for which an answer of auth is remembered."""
REMEMBERED = 10_000
AT_ONCE = 16
"""Trades under way; whoever comes on top of these is told to come again."""


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
        self._asking: dict[bytes, asyncio.Task[bytes | None]] = {}

    async def trade(self, token: bytes, asker: str) -> bytes:
        """A token that proves who asks. Raises Unauthenticated, Unavailable, or Refused for trying too many."""
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
            if len(self._asking) >= AT_ONCE:
                raise ServiceBusy(Service.AUTH)
            asking = self._asking[digest] = asyncio.create_task(self._ask(digest, token, asker))
            asking.add_done_callback(lambda task: self._answered(digest, task))
        return await asyncio.shield(asking)

    def _answered(self, digest: bytes, task: asyncio.Task[bytes | None]) -> None:
        del self._asking[digest]
        if not task.cancelled():
            task.exception()  # looked at, even where nobody waits for it any more

    async def _ask(self, digest: bytes, token: bytes, asker: str) -> bytes | None:
        try:
            traded = await self._identity.exchange(token.decode())
        except Unavailable:
            # What it was traded for is good for some minutes yet; whether it still is will be checked as ever.
            known = self._known.get(digest)
            if known is None or known.token is None:
                raise
            traded = known.token
        self._known[digest] = Traded(traded, time.monotonic() + (BAD_FOR if traded is None else GOOD_FOR))
        self._known.move_to_end(digest)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        if traded is None:
            self._bad_ones.count(asker)
        return traded


def _digest(token: bytes) -> bytes:
    return hashlib.blake2b(token, digest_size=16).digest()
