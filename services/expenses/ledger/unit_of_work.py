"""How every write runs: take the revision, do the work, append the entry, commit, wake the relay."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import TooLarge
from chassis.journal.action import Action
from chassis.journal.journal import Journal
from contracts.book import Image
from contracts.identity import Caller, Role
from contracts.ids import ActionId, LedgerId
from contracts.journal import Change, JournalEntry
from services.expenses.errors import KeyUsedForAnotherRequest, StorageFull
from services.expenses.ledger.entities import EntityRegistry, EntityRepository
from services.expenses.ledger.limits import MAX_ACTION_BYTES, LedgerLimits
from services.expenses.ledger.opening import LedgerOpener
from services.expenses.ledger.repository import LedgerRepository, stored_bytes
from services.expenses.ledger.requests import Idempotency, WriteRequest
from services.expenses.ledger.tables import ReplayRow
from services.expenses.ledger.work_limit import CHANGE, WorkLimit

R = TypeVar("R", bound=EntityRepository[Any, Any])

ACTION_TOO_LARGE = (
    f"One request may change {MAX_ACTION_BYTES // 1024**2} MB at most, counting what was there before and what comes "
    "after. Please send fewer changes at once."
)


@dataclass(frozen=True)
class WriteResult:
    """The result of a write: the response's JSON, its revision, and whether it is a replay."""

    body: str
    revision: int
    action: ActionId | None = None
    """The id for an undo; None if nothing changed."""
    replayed: bool = False


class _Save(NamedTuple):
    id: UUID
    before: Image | None
    after: Image | None


class UnitOfWork:
    """One action on one ledger while its revision is locked. Nothing is stored unless it is committed."""

    def __init__(
        self, session: Session, writer: "LedgerWriter", settings: sa.Row[Any], request: WriteRequest, action: Action
    ) -> None:
        self.settings = settings
        """The ledger's row."""
        self.limits = writer.limits
        self.max_bytes = MAX_ACTION_BYTES
        """Bytes of images that the action may have at most; on SQLite all other writes wait for it."""
        self.size = 0
        """Bytes of the changes so far."""
        self.changes: list[Change] = []
        self.replay: WriteResult | None = None
        """The stored response, if this request was committed before. The caller returns it and changes nothing."""
        self.committed = False
        self.idempotency: Idempotency | None = None
        self._session = session
        self._writer = writer
        self._request = request
        self._action = action
        self._pending: defaultdict[str, list[_Save]] = defaultdict(list)

    def repository(self, kind: type[R]) -> R:
        """Returns the rows of one kind of entity, without the saves that are not flushed yet."""
        return kind(self._session, self._request.ledger)

    def entries_of(self, action_id: ActionId) -> list[JournalEntry]:
        """Returns the entries of an earlier action of this ledger, oldest first."""
        return self._writer.journal.entries_of(self._session, self._request.ledger, action_id)

    def save(self, kind: str, id_: UUID, before: Image | None, after: Image | None) -> None:
        """Stores the change of an entity, and adds it to the entry of this action.

        None before is a new entity, None after a deleted one. Does nothing if both are equal. Raises TooLarge once
        the action has too many bytes.
        """
        if self.replay:
            msg = "this request was committed before"
            raise RuntimeError(msg)
        if before == after:
            return
        change = Change(kind=kind, id=id_, before=_values(before), after=_values(after))
        self.size += change.size
        if self.size > self.max_bytes:
            raise TooLarge(ACTION_TOO_LARGE)
        self.changes.append(change)
        self._pending[kind].append(_Save(id_, before, after))

    def flush(self) -> None:
        """Writes the rows of all saves, in few statements."""
        for entity in self._writer.entities:
            repository, saves = self.repository(entity.repository), self._pending[entity.kind]
            if new := [(save.id, save.after) for save in saves if save.before is None]:
                repository.insert(new)
            if changed := [(save.id, save.after) for save in saves if save.before and save.after]:
                repository.update(changed)
        for entity in reversed(self._writer.entities):
            if deleted := [save.id for save in self._pending[entity.kind] if save.after is None]:
                self.repository(entity.repository).delete(deleted)
        self._pending.clear()

    def commit(self, body: BaseModel) -> WriteResult:
        """Appends the entry, and stores the response for a repeated request. Raises StorageFull.

        The transaction ends with the block of this unit of work. Without a change there is no entry and no revision.
        """
        self.committed = True
        text = body.model_dump_json()
        if not self.changes:
            self._session.rollback()  # gives the revision back
            return WriteResult(text, self.settings.head - 1)
        self.flush()
        self._check_quota(self._request.caller)
        stored = self.settings.stored_bytes + self.size
        entry = self._writer.journal.append(
            self._session, self.settings, self._action, self.changes, stored_bytes=stored
        )
        result = WriteResult(text, entry.revision, self._action.id)
        if self.idempotency:
            LedgerRepository(self._session, self._request.ledger).add_replay(
                _replay(self._request, self.idempotency, result)
            )
        self._session.flush()
        return result

    def _check_quota(self, caller: Caller) -> None:
        """Raises StorageFull. Actions that shrink the ledger are allowed; there can only be so many."""
        quota = self.limits.quota_bytes
        if not quota or _growth(self.changes) < 0:
            return
        owned = {ledger for ledger, role in caller.claims.ledgers.items() if role is Role.OWNER}
        held = stored_bytes(self._session, owned if caller.ledger in owned else [caller.ledger])
        if held + self.size > quota:
            raise StorageFull(quota)


class LedgerWriter:
    """Begins units of work."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        entities: EntityRegistry,
        opener: LedgerOpener,
        wake: Callable[[], None],
        limits: LedgerLimits = LedgerLimits(),  # noqa: B008 - frozen
    ) -> None:
        """`wake` is called after an action was committed."""
        self.journal = journal
        self.entities = entities
        self.limits = limits
        self._database = database
        self._opener = opener
        self._wake = wake
        self._work = WorkLimit(limits.work_per_minute)

    @contextmanager
    def begin(
        self, request: WriteRequest, name: str, body: BaseModel | None = None, changes: int = 1
    ) -> Iterator[UnitOfWork]:
        """Runs one action in one transaction, which is rolled back if the block raises.

        `body` is what a repeated request must repeat, `changes` the number of requested changes. Raises NotFound,
        TooManyRequests, KeyUsedForAnotherRequest.
        """
        with self._work.spending(request.caller.account, changes) as spending:
            action = Action.new(name, request.caller.account, request.via)
            with self._transaction(request.ledger) as (session, settings):
                uow = UnitOfWork(session, self, settings, request, action)
                uow.idempotency = Idempotency.of(request.idempotency_key, body)
                if uow.idempotency:
                    uow.replay = _stored(session, request, uow.idempotency)
                if uow.replay:
                    session.rollback()
                yield uow
                if not (uow.committed or uow.replay):
                    msg = "a unit of work must be committed"
                    raise RuntimeError(msg)
            spending.cost = CHANGE * (1 + len(uow.changes)) + uow.size
        self._wake()

    @contextmanager
    def _transaction(self, ledger: LedgerId) -> Iterator[tuple[Session, sa.Row[Any]]]:
        """Takes the next revision of the ledger, and opens a new ledger first."""
        while True:
            with self._database.write() as session:
                settings = self.journal.take_revision(session, ledger)
                if settings is not None:
                    yield session, settings
                    return
            self._opener.open(ledger)


def _stored(session: Session, request: WriteRequest, idempotency: Idempotency) -> WriteResult | None:
    row = LedgerRepository(session, request.ledger).replay(request.caller.account, idempotency.key)
    if row is None:
        return None
    if row.fingerprint != idempotency.fingerprint:
        raise KeyUsedForAnotherRequest
    return WriteResult(row.body, row.revision, row.action_id, replayed=True)


def _replay(request: WriteRequest, idempotency: Idempotency, result: WriteResult) -> ReplayRow:
    return ReplayRow(
        ledger=request.ledger,
        actor=request.caller.account,
        key=idempotency.key,
        fingerprint=idempotency.fingerprint,
        revision=result.revision,
        action_id=result.action,
        body=result.body,
        answered_at=datetime.now(UTC),
    )


def _growth(changes: Iterable[Change]) -> int:
    """Returns by how many bytes the ledger grows, without the journal."""
    return sum(_bytes(change.after) - _bytes(change.before) for change in changes)


def _bytes(image: dict[str, Any] | None) -> int:
    return 0 if image is None else len(json.dumps(image, ensure_ascii=False).encode())


def _values(image: Image | None) -> dict[str, Any] | None:
    return None if image is None else image.model_dump(mode="json")
