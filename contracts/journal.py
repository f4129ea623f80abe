"""The journal's entries: what happened to a ledger, as pairs of before and after."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

SCHEMA = 1
"""Version of the images in `pairs`. Old versions stay decodable for ever."""

MOST_PAIRS = 500
"""Most pairs in one entry; a bigger action is several entries under one action id."""

MOST_ENTRY_BYTES = 1024 * 1024
"""Most bytes of images in one entry, as JSON; a bigger action is several entries, as above."""

LARGEST_ANNOUNCED = 16 * 1024
"""Bytes up to which an entry is announced whole; of a larger one only ledger and revision are."""

LARGEST_REVISION = 10**15
"""No journal comes near it: a message with a larger one was not written by us."""

READER_GROUP = "insights"
"""The consumer group that reads the book's journal."""

LIVE_CHANNEL = "outlay:live"
"""Pub/sub channel that tells open browsers of new revisions and new insights."""


MOST_PARTITIONS = 256
"""Most streams over which the book's entries are spread."""


def journal_stream(partition: int) -> str:
    """Name of the stream on which the book's entries are announced."""
    return f"outlay:journal:{{p{partition}}}"


def partition_of(ledger: UUID, partitions: int) -> int:
    """All entries of a ledger go to one partition."""
    return int.from_bytes(ledger.bytes[-4:]) % partitions


def stream_of(ledger: UUID, partitions: int) -> str:
    """Name of the stream on which a ledger's entries are announced."""
    return journal_stream(partition_of(ledger, partitions))


class Via(StrEnum):
    """By which means a change came."""

    WEB = "web"
    API = "api"
    IMPORT = "import"
    RULE = "rule"
    AI = "ai"
    SYSTEM = "system"


class Change(BaseModel):
    """One entity before and after; None where it did not exist or does not exist any more."""

    model_config = ConfigDict(frozen=True)

    kind: str
    id: UUID
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @cached_property
    def encoded(self) -> str:
        """The pair as JSON, as it is stored."""
        return self.model_dump_json()

    @cached_property
    def size(self) -> int:
        """Bytes of the pair as JSON."""
        return len(self.encoded.encode())

    @staticmethod
    def encode_all(pairs: Sequence["Change"]) -> str:
        """Pairs as they are stored."""
        return f"[{','.join(pair.encoded for pair in pairs)}]"

    @staticmethod
    def decode_all(text: str) -> tuple["Change", ...]:
        """Reads what `encode_all` wrote. Raises pydantic.ValidationError."""
        return _PAIRS.validate_json(text)

    def reversed(self) -> Self:
        """The pair that takes this change back."""
        # No model_copy, which would copy the cached JSON too.
        return type(self)(kind=self.kind, id=self.id, before=self.after, after=self.before)


_PAIRS = TypeAdapter(tuple[Change, ...])


class JournalEntry(BaseModel):
    """One numbered change to a ledger, with at most one pair per entity."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    id: UUID
    ledger: UUID
    revision: int = Field(ge=1)
    previous: UUID | None
    action_id: UUID
    action: str
    actor: UUID | None
    """The account that did it; None for the system itself."""
    via: Via
    request_id: str | None = None
    occurred_at: AwareDatetime
    version: int = Field(default=SCHEMA, alias="schema")
    pairs: tuple[Change, ...] = Field(max_length=MOST_PAIRS)

    def encode(self) -> str:
        """The entry as it stands in feeds and on streams."""
        return self.model_dump_json(by_alias=True)

    @classmethod
    def decode(cls, text: str | bytes) -> Self:
        """Reads what `encode` wrote. Raises pydantic.ValidationError."""
        return cls.model_validate_json(text)


class Bell(BaseModel):
    """A stream message: that a ledger has moved, with the entry itself where it is small."""

    model_config = ConfigDict(frozen=True)

    ledger: UUID
    revision: int = Field(ge=1, le=LARGEST_REVISION)
    entry: JournalEntry | None = None

    def fields(self) -> dict[Any, Any]:
        """The fields of the message on the stream."""
        fields = {"ledger": str(self.ledger), "revision": str(self.revision)}
        text = self.entry.encode() if self.entry else ""
        if text and len(text.encode()) <= LARGEST_ANNOUNCED:
            fields["entry"] = text
        return fields

    @classmethod
    def read(cls, fields: dict[bytes, bytes]) -> Self:
        """Reads a message's fields. Raises ValueError or KeyError on what is no bell of ours."""
        ledger, revision, text = UUID(fields[b"ledger"].decode()), int(fields[b"revision"]), fields.get(b"entry")
        entry = JournalEntry.decode(text) if text else None
        if entry is not None and (entry.ledger, entry.revision) != (ledger, revision):
            raise ValueError("the entry is another one")
        return cls(ledger=ledger, revision=revision, entry=entry)


class FeedPage(BaseModel):
    """Entries of one ledger after a revision, and where its journal ends."""

    ledger: UUID
    head: int
    tail: UUID
    """Id of the entry at `head`."""
    entries: tuple[JournalEntry, ...]


class Head(BaseModel):
    """Where a ledger's journal ends."""

    ledger: UUID
    head: int
    tail: UUID
    since: datetime | None = None


class Backlog(BaseModel):
    """Entries that are not announced yet, over all ledgers, and when the oldest of them was written."""

    entries: int
    since: AwareDatetime | None


class HeadsPage(BaseModel):
    """Heads in the order of their ledger ids."""

    items: tuple[Head, ...]
    next_after: UUID | None
