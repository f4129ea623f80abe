"""The journal of identity as a test writes it: entries, the feed over them, and its messages."""

import secrets
from datetime import UTC, datetime
from urllib.parse import parse_qs
from uuid import UUID, uuid4

import redis
from pydantic import SecretStr

from chassis.errors import Unauthenticated
from chassis.security.service_tokens import ServiceTokens
from contracts.identity_journal import ACCOUNT, IDENTITY, IDENTITY_STREAM, SESSION, AccountImage, SessionImage
from contracts.ids import ActionId, UserId
from contracts.journal import Change, FeedPage, JournalEntry, StreamMessage, Via

KEYS = {"gateway>auth": SecretStr(secrets.token_hex(32))}
PAGE_SIZE = 3
"""Entries a page: few, so that there are pages."""


def session_ended(session: UUID, account: UserId) -> Change:
    before = SessionImage(account=account).model_dump(mode="json")
    return Change(kind=SESSION, id=session, before=before, after=None)


def epoch_raised(account: UserId, epoch: int) -> Change:
    """To this one."""
    before, after = (AccountImage(epoch=one).model_dump() for one in (epoch - 1, epoch))
    return Change(kind=ACCOUNT, id=account, before=before, after=after)


def account_erased(account: UserId) -> Change:
    return Change(kind=ACCOUNT, id=account, before=AccountImage(epoch=0).model_dump(), after=None)


class IdentityFeed:
    def __init__(self) -> None:
        self.entries: list[JournalEntry] = []
        self.window = 0
        """The revision after which tokens may still live."""
        self.unavailable = False
        self.requests: list[int | None] = []
        """After which revisions; only those that were answered."""
        self.append()

    def append(self, *pairs: Change) -> JournalEntry:
        """Appended, but not published."""
        tail = self.entries[-1] if self.entries else None
        entry = JournalEntry(
            id=uuid4(),
            ledger=IDENTITY,
            revision=tail.revision + 1 if tail else 1,
            previous=tail.id if tail else None,
            action_id=ActionId(uuid4()),
            action="test",
            actor=None,
            via=Via.SYSTEM,
            occurred_at=datetime.now(UTC),
            pairs=pairs,
        )
        self.entries.append(entry)
        return entry

    def answer(self, authorization: bytes, query: bytes) -> tuple[int, bytes]:
        """The response of auth to a request with this token."""
        if self.unavailable:
            return 503, b""
        try:
            caller = ServiceTokens("auth", KEYS).caller(authorization.decode().removeprefix("Bearer "))
        except Unauthenticated:
            return 401, b""
        assert caller == "gateway"
        after = next((int(value) for value in parse_qs(query.decode()).get("after", ())), None)
        self.requests.append(after)
        return 200, self._page(self.window if after is None else after).model_dump_json(by_alias=True).encode()

    def _page(self, after: int) -> FeedPage:
        tail = self.entries[-1]
        return FeedPage(
            ledger=IDENTITY, head=tail.revision, tail=tail.id, entries=tuple(self.entries[after : after + PAGE_SIZE])
        )


def publish(client: redis.Redis, entry: JournalEntry) -> None:
    """As auth's relay does."""
    client.xadd(IDENTITY_STREAM, StreamMessage(ledger=IDENTITY, revision=entry.revision, entry=entry).fields())
