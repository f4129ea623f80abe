"""Adoption of ledgers that only expenses knows, for example after an old backup of auth was restored."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import Conflict, NotFound, Unavailable
from chassis.journal.feed import ServiceClient
from chassis.process.clock import Clock
from contracts.book import LEDGER, LedgerImage
from contracts.identity import MAX_LEDGERS, Role
from contracts.ids import LedgerId
from contracts.journal import FeedPage, Head, HeadsPage, JournalEntry
from services.auth.erasure import repository as erasure_repository
from services.auth.errors import TooManyLedgers
from services.auth.identity import repository as auth_repository
from services.auth.identity.email_addresses import email_key, read_email
from services.auth.identity.journal import IdentityJournal
from services.auth.identity.tables import AccountRow, LedgerRow
from services.auth.ledgers import repository, roles

FIRST_ENTRIES = 100
"""Number of entries read to find a ledger's authors."""
TIMEOUT = 10.0
"""Timeout of one request to expenses, in seconds."""

M = TypeVar("M", bound=BaseModel)


class UnknownLedger(NamedTuple):
    """A ledger of the book that has no row in auth, and therefore no members."""

    id: UUID
    opened_at: datetime
    entries: int
    authors: Sequence[str]
    """Email addresses of the known accounts that made its first entries."""
    unknown_authors: int
    """Number of authors whose account auth does not know."""


class LedgerAdoption:
    """The use cases. They call expenses, which must be running."""

    def __init__(self, database: Database, journal: IdentityJournal, expenses: ServiceClient, clock: Clock) -> None:
        self._database = database
        self._journal = journal
        self._expenses = expenses
        self._clock = clock

    def unknown(self) -> Iterator[UnknownLedger]:
        """Yields the unknown ledgers by id, without erased ones. Raises Conflict."""
        after: UUID | None = None
        while True:
            # The heads are read first: a ledger created meanwhile is in auth before it is in the book.
            page = self._get(f"/internal/heads{'' if after is None else f'?after={after}'}", HeadsPage)
            yield from filter(None, map(self._described, self._unknown_heads(page)))
            after = page.next_after
            if after is None:
                return

    def adopt(self, ledger: LedgerId, email: str) -> None:
        """Makes the account the only owner of an unknown ledger, which becomes an ordinary shared ledger.

        That includes a lost account's personal ledger. Raises Conflict with the reason if adoption is impossible.
        """
        with self._database.snapshot() as session:
            self._check(session, ledger, email)
        opening = self._opening(ledger)
        with self._journal.unit_of_work("adopt_ledger", None) as uow:
            account = self._check(uow.session, ledger, email)
            try:
                roles.require_room(uow, account.id)
            except TooManyLedgers as error:
                message = f"{account.email} is in {MAX_LEDGERS} ledgers already, the most that an account can be in."
                raise Conflict(message) from error
            uow.session.add(self._row(opening))
            uow.session.flush()
            roles.set_role(uow, ledger, account.id, Role.OWNER)

    def _check(self, session: Session, ledger: LedgerId, email: str) -> AccountRow:
        """Returns the account of the future owner. Raises Conflict."""
        if ledger in erasure_repository.erased_ledgers(session):
            raise Conflict(f"The ledger {ledger} was erased. It cannot be given to an account.")
        if auth_repository.ledger(session, ledger) is not None:
            raise Conflict(f"The ledger {ledger} has an owner already, who can invite people to it.")
        try:
            account = auth_repository.account_by_email(session, email_key(read_email(email)))
        except ValueError as error:
            raise Conflict(str(error)) from error
        if account is None:
            raise Conflict(f"There is no account with the address {email}.")
        return account

    def _opening(self, ledger: LedgerId) -> JournalEntry:
        """Returns the entry that opened a ledger. Raises Conflict if expenses has no such ledger."""
        try:
            page = self._get(f"/internal/journal/{ledger}?limit=1", FeedPage)
        except NotFound as error:
            raise Conflict(f"The book has no ledger {ledger}.") from error
        return page.entries[0]

    def _row(self, opening: JournalEntry) -> LedgerRow:
        image = next(pair.after for pair in opening.pairs if pair.kind == LEDGER)
        settings = LedgerImage.model_validate(image)
        name = f"Recovered ({opening.occurred_at:%Y-%m-%d})"  # its name was stored only in auth
        return LedgerRow(id=opening.ledger, name=name, created_at=self._clock(), **settings.model_dump())

    def _unknown_heads(self, page: HeadsPage) -> list[Head]:
        with self._database.snapshot() as session:
            known = repository.known_ledgers(session, [head.ledger for head in page.items])
            known |= erasure_repository.erased_ledgers(session)
        return [head for head in page.items if head.ledger not in known]

    def _described(self, head: Head) -> UnknownLedger | None:
        """Returns the ledger with its authors, or None if it was erased meanwhile."""
        try:
            entries = self._get(f"/internal/journal/{head.ledger}?limit={FIRST_ENTRIES}", FeedPage).entries
        except NotFound:
            return None
        authors = list(dict.fromkeys(entry.actor for entry in entries if entry.actor is not None))
        with self._database.snapshot() as session:
            accounts = [account for id_ in authors if (account := auth_repository.account(session, id_)) is not None]
        known = [account.email for account in accounts]
        return UnknownLedger(head.ledger, entries[0].occurred_at, head.head, known, len(authors) - len(known))

    def _get(self, path: str, model: type[M]) -> M:
        """Raises NotFound, and Conflict while expenses is unavailable."""
        try:
            return self._expenses.get(path, model, timeout=TIMEOUT)
        except Unavailable as error:
            raise Conflict("The expenses service is unavailable. Is it running?") from error
