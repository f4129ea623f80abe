"""Journal entries: changes of a ledger as pairs of before and after images."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from contracts.ids import ActionId, LedgerId, UserId

SCHEMA = 1
"""Version of the images in `pairs`. Old versions stay readable for ever."""

MAX_PAIRS = 500
"""Pairs in one entry at most; a larger action becomes several entries with one action id."""

MAX_ENTRY_BYTES = 1024 * 1024
"""Bytes of images in one entry at most, as JSON; a larger action becomes several entries."""

MAX_ANNOUNCED_BYTES = 16 * 1024
"""Bytes up to which a stream message holds the entry; of a larger one it names only ledger and revision."""

MAX_REVISION = 10**15
"""Upper bound that no journal comes near: a message with a larger revision is foreign."""

READER_GROUP = "insights"
"""The consumer group that reads the journal of expenses."""

LIVE_CHANNEL = "outlay:live"
"""Pub/sub channel for notices of new revisions and new insights."""


MAX_PARTITIONS = 256
"""Streams over which the entries of expenses are spread, at most."""


def journal_stream(partition: int) -> str:
    """Returns the name of a partition's stream."""
    return f"outlay:journal:{{p{partition}}}"


def partition_of(ledger: LedgerId, partitions: int) -> int:
    """Returns the partition of all entries of a ledger."""
    return int.from_bytes(ledger.bytes[-4:]) % partitions


def stream_of(ledger: LedgerId, partitions: int) -> str:
    """Returns the name of a ledger's stream."""
    return journal_stream(partition_of(ledger, partitions))


class Via(StrEnum):
    """The client or process that made a change."""

    WEB = "web"
    API = "api"
    IMPORT = "import"
    RULE = "rule"
    AI = "ai"
    SYSTEM = "system"


class Change(BaseModel):
    """One entity before and after a change; None if it did not exist before or was deleted."""

    model_config = ConfigDict(frozen=True)

    kind: str
    id: UUID
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @cached_property
    def encoded(self) -> str:
        """The pair as stored JSON."""
        return self.model_dump_json()

    @cached_property
    def size(self) -> int:
        """Bytes of the pair as JSON."""
        return len(self.encoded.encode())

    @staticmethod
    def encode_all(pairs: Sequence["Change"]) -> str:
        """Encodes pairs for storage."""
        return f"[{','.join(pair.encoded for pair in pairs)}]"

    @staticmethod
    def decode_all(text: str) -> tuple["Change", ...]:
        """Decodes the output of `encode_all`. Raises pydantic.ValidationError."""
        return _PAIRS.validate_json(text)

    def reversed(self) -> Self:
        """Returns the pair that undoes this change."""
        # No model_copy, which would copy the cached JSON too.
        return type(self)(kind=self.kind, id=self.id, before=self.after, after=self.before)


_PAIRS = TypeAdapter(tuple[Change, ...])


class JournalEntry(BaseModel):
    """One numbered change to a ledger, with at most one pair per entity."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    id: UUID
    ledger: LedgerId
    revision: int = Field(ge=1)
    previous: UUID | None
    action_id: ActionId
    action: str
    actor: UserId | None
    """The account that made the change; None for the system."""
    via: Via
    request_id: str | None = None
    occurred_at: AwareDatetime
    version: int = Field(default=SCHEMA, alias="schema")
    pairs: tuple[Change, ...] = Field(max_length=MAX_PAIRS)

    def encode(self) -> str:
        """Encodes the entry for feeds and streams."""
        return self.model_dump_json(by_alias=True)

    @classmethod
    def decode(cls, text: str | bytes) -> Self:
        """Decodes the output of `encode`. Raises pydantic.ValidationError."""
        return cls.model_validate_json(text)


class StreamMessage(BaseModel):
    """A message on the stream: a ledger has a new revision. Holds the entry itself if it is small."""

    model_config = ConfigDict(frozen=True)

    ledger: LedgerId
    revision: int = Field(ge=1, le=MAX_REVISION)
    entry: JournalEntry | None = None

    def fields(self) -> dict[Any, Any]:
        """Returns the fields of the message on the stream."""
        fields = {"ledger": str(self.ledger), "revision": str(self.revision)}
        text = self.entry.encode() if self.entry else ""
        if text and len(text.encode()) <= MAX_ANNOUNCED_BYTES:
            fields["entry"] = text
        return fields

    @classmethod
    def decode(cls, fields: dict[bytes, bytes]) -> Self:
        """Decodes a message's fields. Raises ValueError or KeyError on a foreign message."""
        ledger, revision, text = (
            LedgerId(UUID(fields[b"ledger"].decode())),
            int(fields[b"revision"]),
            fields.get(b"entry"),
        )
        entry = JournalEntry.decode(text) if text else None
        if entry is not None and (entry.ledger, entry.revision) != (ledger, revision):
            raise ValueError("the entry belongs to another ledger or revision")
        return cls(ledger=ledger, revision=revision, entry=entry)


class FeedPage(BaseModel):
    """A page of one ledger's entries after a revision, and the head of its journal."""

    ledger: LedgerId
    head: int
    tail: UUID
    """Id of the entry at `head`."""
    entries: tuple[JournalEntry, ...]


class Head(BaseModel):
    """The end of a ledger's journal."""

    ledger: LedgerId
    head: int
    tail: UUID
    since: datetime | None = None


class Backlog(BaseModel):
    """Number of unpublished entries over all ledgers, and the time of the oldest."""

    entries: int
    since: AwareDatetime | None


class HeadsPage(BaseModel):
    """A page of heads in the order of their ledger ids."""

    items: tuple[Head, ...]
    next_after: UUID | None
