"""Changes of sessions and accounts since their tokens were signed.

Every request with a token is checked here, with a few lookups in memory. The record covers the last quarter of an hour
of the identity journal: older tokens have expired. Services need no check: they are reached through the gateway only.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple
from uuid import UUID

from chassis.errors import Unauthenticated, Unavailable
from contracts.identity_journal import ACCOUNT, SESSION, AccountImage
from contracts.journal import Change, JournalEntry
from gateway.authentication.live_streams import LiveStreams
from gateway.authentication.sessions import VerifiedToken
from gateway.errors import TokenStale
from gateway.metrics import refused_tokens

RETENTION = 15 * 60.0
"""Seconds for which a change is stored: longer than a token's lifetime and the difference of clocks."""
SETTLE_TIMEOUT = 2.0
"""Seconds that a request waits until it is known whether its token belongs to the current history."""


class IdentityPosition(NamedTuple):
    """A position in the journal: the last entry that was read."""

    revision: int
    tail: UUID | None
    """The entry's id; None before the first."""


class IdentityRecord:
    """The part of the journal that still matters."""

    def __init__(self, position: IdentityPosition) -> None:
        self.position = position
        self._first = position.revision
        """The lowest revision whose entry is known."""
        self._ended: dict[str, int] = {}
        """Ended sessions and erased accounts, with the revision."""
        self._epochs: dict[str, int] = {}
        """For changed accounts, the lowest valid epoch."""
        self._expiries: deque[tuple[float, dict[str, int], str, int]] = deque()
        self._entries = set() if position.tail is None else {position.tail}
        """Ids of the entries that a valid token may name."""
        self._superseded: deque[tuple[float, UUID]] = deque()

    def apply(self, entries: Iterable[JournalEntry]) -> bool:
        """Applies entries, skipping known ones; returns False if an entry is missing before one of them."""
        for entry in entries:
            revision, tail = self.position
            if entry.revision <= revision and self._is_known(entry):
                continue
            if entry.revision != revision + 1 or entry.previous != tail:
                return False
            for pair in entry.pairs:
                self._apply_pair(pair, entry.revision)
            self.position = IdentityPosition(entry.revision, entry.id)
            self._entries.add(entry.id)
            if tail is not None:
                self._superseded.append((time.monotonic() + RETENTION, tail))
        return True

    def has(self, verified: VerifiedToken) -> bool:
        """Whether the token names an entry that was read; False also if that entry is newer than the last one read."""
        return verified.entry is None or verified.entry in self._entries

    def prune(self) -> None:
        """Deletes changes that concern no valid token."""
        now = time.monotonic()
        while self._expiries and self._expiries[0][0] <= now:
            _, values, key, value = self._expiries.popleft()
            if values.get(key) == value:
                del values[key]
        while self._superseded and self._superseded[0][0] <= now:
            self._entries.discard(self._superseded.popleft()[1])

    def refusal_of(self, verified: VerifiedToken) -> type[Unauthenticated] | None:
        """Returns why a verified token is refused now; None if it is not."""
        if verified.session in self._ended or verified.account in self._ended:
            return Unauthenticated
        if self._epochs.get(verified.account, 0) > verified.epoch or not self.has(verified):
            return TokenStale
        return None

    def _is_known(self, entry: JournalEntry) -> bool:
        """False if another entry with that revision was read: the journal was restored and has been continued since."""
        return entry.id in self._entries or entry.revision < self._first

    def _apply_pair(self, pair: Change, revision: int) -> None:
        if pair.kind not in {SESSION, ACCOUNT}:
            return
        if pair.after is None:
            self._store(self._ended, str(pair.id), revision)
        elif pair.kind == ACCOUNT:
            self._store(self._epochs, str(pair.id), AccountImage.model_validate(pair.after).epoch)

    def _store(self, values: dict[str, int], key: str, value: int) -> None:
        values[key] = value
        self._expiries.append((time.monotonic() + RETENTION, values, key, value))


class Revocations:
    """Checks tokens against the record, and ends the live streams of refused ones."""

    def __init__(self) -> None:
        self.record: IdentityRecord | None = None
        """None until the journal was read for the first time."""
        self.wake = asyncio.Event()
        """Set when the journal has to be read again."""
        self._waiting: list[asyncio.Future[None]] = []
        self._streams = LiveStreams()
        self._refused = {kind: refused_tokens.labels(kind.slug) for kind in (Unauthenticated, TokenStale)}

    def check(self, verified: VerifiedToken | None) -> None:
        """Raises Unauthenticated or TokenStale; Unavailable while the answer is unknown."""
        if self.record is None or verified is None:
            raise sign_ins_unavailable()
        if (kind := self.record.refusal_of(verified)) is not None:
            self._refused[kind].inc()
            raise kind

    def is_settled(self, verified: VerifiedToken | None) -> bool:
        """Whether `check` may be called; if not, call `settle` before it."""
        return self.record is None or verified is None or self.record.has(verified)

    async def settle(self, verified: VerifiedToken | None) -> None:
        """Waits for the next read if the token names an unknown entry.

        An entry that is unknown after that belongs to a history that no longer exists. Raises Unavailable if the read
        fails or takes longer than SETTLE_TIMEOUT.
        """
        if self.is_settled(verified):
            return
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        self.wake.set()
        try:
            async with asyncio.timeout(SETTLE_TIMEOUT):
                await waiting
        except TimeoutError:
            raise sign_ins_unavailable() from None

    def take_waiting(self) -> list[asyncio.Future[None]]:
        """Returns the requests that wait for the read that begins now, and clears the list."""
        waiting, self._waiting = self._waiting, []
        return waiting

    def is_stale(self, verified: VerifiedToken) -> bool:
        """Whether the token is refused, but a new one of the same session would be accepted."""
        return self.record is not None and self.record.refusal_of(verified) is TokenStale

    def apply(self, entries: Iterable[JournalEntry]) -> bool:
        """Applies entries to the record, and ends the streams of tokens that are refused from now on."""
        complete = self.record is not None and self.record.apply(entries)
        self._end_streams()
        return complete

    def replace(self, record: IdentityRecord) -> None:
        """Replaces the record by one that was read from the start."""
        self.record = record
        self._end_streams()

    def prune(self) -> None:
        """Deletes changes that concern no valid token."""
        if self.record is not None:
            self.record.prune()

    def follow(self, verified: VerifiedToken) -> AbstractAsyncContextManager[None]:
        """Ends a live stream when its token expires or is refused."""
        return self._streams.follow(verified, self.check)

    def _end_streams(self) -> None:
        record = self.record
        if record is not None:
            self._streams.end(lambda verified: record.refusal_of(verified) is not None)


def sign_ins_unavailable() -> Unavailable:
    """Returns the error of requests whose token cannot be checked, because auth's journal could not be read."""
    return Unavailable("Sign-ins cannot be checked just now.")
