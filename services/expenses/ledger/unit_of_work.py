"""The way of every write: revision first, then the decision, the entry, the commit, the bell."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import NotFound, TooLarge
from chassis.journal.feed import ServiceClient
from chassis.journal.journal import Action, Journal
from contracts.book import LEDGER, LedgerImage, OpenedLedger
from contracts.identity import Caller, Role
from contracts.journal import Change, JournalEntry, Via
from contracts.response_cache import etag_of
from services.expenses.errors import ChangedMeanwhile, KeyUsedForAnotherRequest, StorageFull
from services.expenses.ledger.limits import MOST_ACTION_BYTES, BookLimits
from services.expenses.ledger.work_limit import CHANGE, WorkLimit
from services.expenses.repository import Book
from services.expenses.tables import ReplayRow

log = logging.getLogger(__name__)

TOO_MUCH = (
    f"One request may change {MOST_ACTION_BYTES // 1024**2} MB at most, counting what was there before and what comes "
    "after. Please send fewer changes at once."
)


@dataclass
class Writing:
    """One action on one ledger while its revision is held: the book, the ledger's settings, the pairs so far."""

    book: Book
    settings: sa.Row[Any]
    entries_of: Callable[[UUID], list[JournalEntry]]
    """The entries of an earlier action of this ledger, oldest first."""
    limits: BookLimits
    most_bytes: int = MOST_ACTION_BYTES
    """Most bytes of images that the action may have; on SQLite all other writes wait for it."""
    pairs: list[Change] = field(default_factory=list)
    size: int = 0
    """Bytes of the pairs so far."""

    def note(self, kind: str, id_: UUID, before: BaseModel | None, after: BaseModel | None) -> None:
        """Adds a pair, unless nothing changed. Raises TooLarge once the action has too many bytes."""
        if before == after:
            return
        pair = Change(kind=kind, id=id_, before=_image(before), after=_image(after))
        self.size += pair.size
        if self.size > self.most_bytes:
            raise TooLarge(TOO_MUCH)
        self.pairs.append(pair)


Decision = Callable[[Writing], BaseModel]
"""Decides an action: changes the book, notes the pairs, returns what is answered; raises to refuse."""


@dataclass(frozen=True)
class Idempotency:
    """A client's key for a write, and the hash of what it asked."""

    key: str
    fingerprint: str

    @classmethod
    def of(cls, key: str | None, body: BaseModel) -> "Idempotency | None":
        """None where the client sent no key."""
        # What was left out is not the same as a null: a null empties a field.
        text = f"{type(body).__name__} {body.model_dump_json(exclude_unset=True)}"
        return cls(key, hashlib.blake2b(text.encode(), digest_size=32).hexdigest()) if key else None


@dataclass(frozen=True)
class Written:
    """What a write answers: the JSON, the revision at which it holds, and whether it is an answer given before."""

    body: str
    revision: int
    action: UUID | None = None
    """What to name for an undo; None where nothing changed."""
    replayed: bool = False
    changes: int = 0
    size: int = 0
    """Bytes written to the journal."""


class Writer:
    """Runs decisions as actions of the journal."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        auth: ServiceClient,
        wake: Callable[[], None],
        limits: BookLimits = BookLimits(),  # noqa: B008 - frozen
    ) -> None:
        self._database = database
        self._journal = journal
        self._auth = auth
        self._wake = wake
        self._limits = limits
        self._work = WorkLimit(limits.work_per_minute)

    def act(
        self,
        caller: Caller,
        via: Via,
        name: str,
        decide: Decision,
        idempotency: Idempotency | None = None,
        changes: int = 1,
    ) -> Written:
        """One action in one transaction. `decide` may refuse by raising; then nothing is stored.

        `changes` says how many the request asks for. Raises TooManyRequests.
        """
        with self._work.spending(caller.account, changes) as work:
            action = Action.new(name, caller.account, via)
            while (written := self._attempt(caller, action, decide, idempotency)) is None:
                self.open(caller.ledger)
            work.cost = CHANGE * (1 + written.changes) + written.size
        self._wake()
        return written

    def _attempt(
        self, caller: Caller, action: Action, decide: Decision, idempotency: Idempotency | None
    ) -> Written | None:
        with self._database.write() as session:
            row = self._journal.take_revision(session, caller.ledger)
            if row is None:
                return None  # nobody has touched this ledger yet
            return self._decided(session, row, caller, action, decide, idempotency)

    def _decided(
        self,
        session: Session,
        row: sa.Row[Any],
        caller: Caller,
        action: Action,
        decide: Decision,
        idempotency: Idempotency | None,
    ) -> Written:
        book = Book(session, caller.ledger)
        if idempotency and (kept := book.replay(caller.account, idempotency.key)):
            if kept.fingerprint != idempotency.fingerprint:
                raise KeyUsedForAnotherRequest
            written = Written(kept.body, kept.revision, kept.action_id, replayed=True)
            session.rollback()
            return written
        entries_of = partial(self._journal.entries_of, session, caller.ledger)
        writing = Writing(book, row, entries_of, self._limits)
        body = decide(writing).model_dump_json()
        if not writing.pairs:
            session.rollback()  # gives the revision back: what changes nothing writes no entry
            return Written(body, row.head - 1)
        self._check_quota(caller, writing)
        stored = row.stored_bytes + writing.size
        revision = self._journal.append(session, row, action, writing.pairs, stored_bytes=stored).revision
        if idempotency:
            book.keep_replay(_replay(caller, idempotency, Written(body, revision, action.id)))
        session.flush()
        return Written(body, revision, action.id, changes=len(writing.pairs), size=writing.size)

    def _check_quota(self, caller: Caller, writing: Writing) -> None:
        """Raises StorageFull. What makes the book smaller goes on, and can be done only so often."""
        quota = self._limits.quota_bytes
        if not quota or _growth(writing.pairs) < 0:
            return
        owned = {ledger for ledger, role in caller.claims.ledgers.items() if role is Role.OWNER}
        held = writing.book.stored_bytes(owned if caller.ledger in owned else [caller.ledger])
        if held + writing.size > quota:
            raise StorageFull(quota)

    def open(self, ledger: UUID) -> None:
        """Makes a new ledger's settings its first entry. Raises NotFound, or Unavailable while auth is away.

        Of one that was erased auth is not asked again.
        """
        with self._database.snapshot() as session:
            if self._journal.is_closed(session, ledger):
                raise NotFound
        opened = self._auth.get(f"/internal/ledgers/{ledger}", OpenedLedger)
        image = LedgerImage(**opened.model_dump(exclude={"id"}))
        pair = Change(kind=LEDGER, id=ledger, before=None, after=image.model_dump())
        with self._database.write() as session:
            action = Action.new("open_ledger", None, Via.SYSTEM)
            if self._journal.open(session, ledger, action, [pair], **image.model_dump()):
                log.info("ledger opened", extra={"ledger": ledger})
        self._wake()


def check_match(if_match: str | None, seen: BaseModel) -> None:
    """Holds a write to what its author saw. Raises ChangedMeanwhile."""
    if if_match is None or if_match.strip() == "*":
        return
    if etag_of(seen.model_dump_json().encode()) not in {tag.strip() for tag in if_match.split(",")}:
        raise ChangedMeanwhile


def _growth(pairs: Iterable[Change]) -> int:
    """By how many bytes the book becomes larger, the journal apart."""
    return sum(_bytes(pair.after) - _bytes(pair.before) for pair in pairs)


def _bytes(image: dict[str, Any] | None) -> int:
    return 0 if image is None else len(json.dumps(image, ensure_ascii=False).encode())


def _image(image: BaseModel | None) -> dict[str, Any] | None:
    return None if image is None else image.model_dump(mode="json")


def _replay(caller: Caller, idempotency: Idempotency, written: Written) -> ReplayRow:
    return ReplayRow(
        ledger=caller.ledger,
        actor=caller.account,
        key=idempotency.key,
        fingerprint=idempotency.fingerprint,
        revision=written.revision,
        action_id=written.action,
        body=written.body,
        answered_at=datetime.now(UTC),
    )
