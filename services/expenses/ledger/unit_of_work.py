"""How every write runs: take the revision, do the work, append the entry, commit, wake the relay."""

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
from services.expenses.errors import KeyUsedForAnotherRequest, StaleIfMatch, StorageFull
from services.expenses.ledger.limits import MAX_ACTION_BYTES, LedgerLimits
from services.expenses.ledger.work_limit import CHANGE, WorkLimit
from services.expenses.repository import LedgerRepository
from services.expenses.tables import ReplayRow

log = logging.getLogger(__name__)

ACTION_TOO_LARGE = (
    f"One request may change {MAX_ACTION_BYTES // 1024**2} MB at most, counting what was there before and what comes "
    "after. Please send fewer changes at once."
)


@dataclass
class UnitOfWork:
    """One action on one ledger while its revision is locked: repository, settings, and the changes so far."""

    repository: LedgerRepository
    settings: sa.Row[Any]
    entries_of: Callable[[UUID], list[JournalEntry]]
    """Returns the entries of an earlier action of this ledger, oldest first."""
    limits: LedgerLimits
    max_bytes: int = MAX_ACTION_BYTES
    """Bytes of images that the action may have at most; on SQLite all other writes wait for it."""
    changes: list[Change] = field(default_factory=list)
    size: int = 0
    """Bytes of the changes so far."""

    def add_change(self, kind: str, id_: UUID, before: BaseModel | None, after: BaseModel | None) -> None:
        """Adds a change, unless before and after are equal. Raises TooLarge once the action has too many bytes."""
        if before == after:
            return
        pair = Change(kind=kind, id=id_, before=_image(before), after=_image(after))
        self.size += pair.size
        if self.size > self.max_bytes:
            raise TooLarge(ACTION_TOO_LARGE)
        self.changes.append(pair)


Work = Callable[[UnitOfWork], BaseModel]
"""The work of an action: changes rows, adds changes, returns the response body; raises to refuse."""


@dataclass(frozen=True)
class Idempotency:
    """A client's key for a write, and the hash of the request."""

    key: str
    fingerprint: str

    @classmethod
    def of(cls, key: str | None, body: BaseModel) -> "Idempotency | None":
        """Returns None if the client sent no key."""
        # An omitted field is not the same as a null, which clears the field. Stored hashes contain the class name.
        text = f"{type(body).__name__} {body.model_dump_json(exclude_unset=True)}"
        return cls(key, hashlib.blake2b(text.encode(), digest_size=32).hexdigest()) if key else None


@dataclass(frozen=True)
class WriteResult:
    """The result of a write: the response's JSON, its revision, and whether it is a replay."""

    body: str
    revision: int
    action: UUID | None = None
    """The id for an undo; None if nothing changed."""
    replayed: bool = False
    changes: int = 0
    size: int = 0
    """Bytes written to the journal."""


class LedgerWriter:
    """Runs work as actions of the journal."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        auth: ServiceClient,
        wake: Callable[[], None],
        limits: LedgerLimits = LedgerLimits(),  # noqa: B008 - frozen
    ) -> None:
        self._database = database
        self._journal = journal
        self._auth = auth
        self._wake = wake
        self._limits = limits
        self._work = WorkLimit(limits.work_per_minute)

    def execute(
        self,
        caller: Caller,
        via: Via,
        name: str,
        work: Work,
        idempotency: Idempotency | None = None,
        changes: int = 1,
    ) -> WriteResult:
        """Runs one action in one transaction. `work` may refuse by raising; then nothing is stored.

        `changes` is the number of requested changes. Raises TooManyRequests.
        """
        with self._work.spending(caller.account, changes) as spending:
            action = Action.new(name, caller.account, via)
            while (result := self._attempt(caller, action, work, idempotency)) is None:
                self.open(caller.ledger)
            spending.cost = CHANGE * (1 + result.changes) + result.size
        self._wake()
        return result

    def _attempt(
        self, caller: Caller, action: Action, work: Work, idempotency: Idempotency | None
    ) -> WriteResult | None:
        with self._database.write() as session:
            row = self._journal.take_revision(session, caller.ledger)
            if row is None:
                return None  # the ledger is not open yet
            return self._run(session, row, caller, action, work, idempotency)

    def _run(
        self,
        session: Session,
        row: sa.Row[Any],
        caller: Caller,
        action: Action,
        work: Work,
        idempotency: Idempotency | None,
    ) -> WriteResult:
        repository = LedgerRepository(session, caller.ledger)
        if idempotency and (replay := repository.replay(caller.account, idempotency.key)):
            if replay.fingerprint != idempotency.fingerprint:
                raise KeyUsedForAnotherRequest
            result = WriteResult(replay.body, replay.revision, replay.action_id, replayed=True)
            session.rollback()
            return result
        entries_of = partial(self._journal.entries_of, session, caller.ledger)
        uow = UnitOfWork(repository, row, entries_of, self._limits)
        body = work(uow).model_dump_json()
        if not uow.changes:
            session.rollback()  # gives the revision back: without a change there is no entry
            return WriteResult(body, row.head - 1)
        self._check_quota(caller, uow)
        stored = row.stored_bytes + uow.size
        revision = self._journal.append(session, row, action, uow.changes, stored_bytes=stored).revision
        if idempotency:
            repository.add_replay(_replay(caller, idempotency, WriteResult(body, revision, action.id)))
        session.flush()
        return WriteResult(body, revision, action.id, changes=len(uow.changes), size=uow.size)

    def _check_quota(self, caller: Caller, uow: UnitOfWork) -> None:
        """Raises StorageFull. Actions that shrink the ledger are allowed; there can only be so many."""
        quota = self._limits.quota_bytes
        if not quota or _growth(uow.changes) < 0:
            return
        owned = {ledger for ledger, role in caller.claims.ledgers.items() if role is Role.OWNER}
        held = uow.repository.stored_bytes(owned if caller.ledger in owned else [caller.ledger])
        if held + uow.size > quota:
            raise StorageFull(quota)

    def open(self, ledger: UUID) -> None:
        """Opens a new ledger with its settings as the first entry. Raises NotFound, Unavailable without auth.

        Does not request an erased ledger from auth.
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


def check_if_match(if_match: str | None, current: BaseModel) -> None:
    """Compares the current state with the client's If-Match. Raises StaleIfMatch."""
    if if_match is None or if_match.strip() == "*":
        return
    if etag_of(current.model_dump_json().encode()) not in {tag.strip() for tag in if_match.split(",")}:
        raise StaleIfMatch


def _growth(pairs: Iterable[Change]) -> int:
    """Returns by how many bytes the ledger grows, without the journal."""
    return sum(_bytes(pair.after) - _bytes(pair.before) for pair in pairs)


def _bytes(image: dict[str, Any] | None) -> int:
    return 0 if image is None else len(json.dumps(image, ensure_ascii=False).encode())


def _image(image: BaseModel | None) -> dict[str, Any] | None:
    return None if image is None else image.model_dump(mode="json")


def _replay(caller: Caller, idempotency: Idempotency, result: WriteResult) -> ReplayRow:
    return ReplayRow(
        ledger=caller.ledger,
        actor=caller.account,
        key=idempotency.key,
        fingerprint=idempotency.fingerprint,
        revision=result.revision,
        action_id=result.action,
        body=result.body,
        answered_at=datetime.now(UTC),
    )
