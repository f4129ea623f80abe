"""The identity journal: changes that signed tokens cannot reflect, to sessions, accounts and roles."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from pydantic import BaseModel
from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.journal.action import Action
from chassis.journal.journal import Journal
from chassis.process.clock import CLOCK_DIFFERENCE
from contracts.identity import Role
from contracts.identity_journal import ACCOUNT, IDENTITY, MEMBER, SESSION, AccountImage, MemberImage, SessionImage
from contracts.ids import LedgerId, UserId
from contracts.journal import Change, FeedPage, JournalEntry, Via

MIN_ENTRIES = 100
"""Minimum number of entries that a starting gateway reads, in case the clock was behind when they were written."""


@dataclass
class IdentityUnitOfWork:
    """One action: the open transaction, which holds the journal's lock, and the changes so far."""

    session: Session
    pairs: list[Change] = field(default_factory=list)

    def session_ended(self, id_: UUID, account: UserId) -> None:
        """Records that a session or API token has ended. Its tokens are refused from now on."""
        self._add(SESSION, id_, SessionImage(account=account), None)

    def epoch_raised(self, account: UserId, before: int) -> None:
        """Records that tokens of the epoch `before` are stale. A refresh returns a current one."""
        self._add(ACCOUNT, account, AccountImage(epoch=before), AccountImage(epoch=before + 1))

    def account_erased(self, account: UserId, epoch: int) -> None:
        """Records that the account was erased. All its tokens are refused permanently."""
        self._add(ACCOUNT, account, AccountImage(epoch=epoch), None)

    def role_changed(self, ledger: LedgerId, account: UserId, before: Role | None, after: Role | None) -> None:
        """Records a change of role. None stands for no membership, before or after."""
        old, new = (
            MemberImage(ledger=ledger, account=account, role=role) if role else None for role in (before, after)
        )
        self._add(MEMBER, uuid5(ledger, account.hex), old, new)

    def _add(self, kind: str, id_: UUID, before: BaseModel | None, after: BaseModel | None) -> None:
        old, new = (image.model_dump(mode="json") if image else None for image in (before, after))
        self.pairs.append(Change(kind=kind, id=id_, before=old, after=new))


class IdentityJournal:
    """The journal in auth's two tables."""

    def __init__(self, database: Database, journal: Journal, wake: Callable[[], None]) -> None:
        """`wake` is called after each commit that wrote an entry."""
        self._database = database
        self._journal = journal
        self._wake = wake

    def open(self) -> None:
        """Writes the journal's first entry if it has none."""
        with self._database.write() as session:
            self._journal.open(session, IDENTITY, Action.new("open_journal", None, Via.SYSTEM), [])

    @contextmanager
    def unit_of_work(self, action: str, actor: UserId | None) -> Iterator[IdentityUnitOfWork]:
        """Opens a transaction that writes an entry if changes were recorded. Without changes no revision is used.

        The journal's row is locked first, so these transactions are serialised. An exception rolls back.
        """
        with self._database.write() as session:
            row = self._journal.take_revision(session, IDENTITY)
            assert row is not None, "the journal is opened before the first request"  # noqa: S101 - a bug otherwise
            uow = IdentityUnitOfWork(session)
            yield uow
            if uow.pairs:
                self._journal.append(session, row, Action.new(action, actor, Via.SYSTEM), uow.pairs)
            else:
                self._journal.give_back(session, IDENTITY)
            session.flush()
        if uow.pairs:
            self._wake()

    def feed(self, after: int) -> FeedPage:
        """Returns the entries after a revision."""
        with self._database.snapshot() as session:
            return self._page(session, after)

    def feed_since(self, since: datetime, now: datetime) -> FeedPage:
        """Returns the entries since a moment, and at least the newest MIN_ENTRIES, for a gateway that starts."""
        until = now + CLOCK_DIFFERENCE
        with self._database.snapshot() as session:
            return self._page(session, self._journal.revision_before(session, IDENTITY, since, until, MIN_ENTRIES))

    def entries_about(self, account: UserId) -> list[JournalEntry]:
        """Returns all entries about an account, oldest first."""
        with self._database.snapshot() as session:
            return self._journal.entries_naming(session, IDENTITY, account)

    def _page(self, session: Session, after: int) -> FeedPage:
        head = self._journal.head(session, IDENTITY)
        assert head is not None  # noqa: S101 - as above
        entries = self._journal.entries(session, IDENTITY, after, limit=1_000)
        return FeedPage(ledger=IDENTITY, head=head.head, tail=head.tail, entries=tuple(entries))
