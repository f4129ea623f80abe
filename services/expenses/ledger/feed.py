"""The journals as other services read them."""

from uuid import UUID

from chassis.journal.journal import MAX_FEED_PAGE_BYTES, Journal
from contracts.book import StoredLedgers
from contracts.ids import LedgerId
from contracts.journal import Backlog, FeedPage, HeadsPage
from services.expenses.ledger.reader import LedgerReader, ReadResult
from services.expenses.ledger.repository import stored_ledgers

HEADS_AT_ONCE = 5_000
ENTRIES_AT_ONCE = 5_000
MAX_STORED = 5


class JournalFeed:
    """Serves journals to other services, and observations of them to operators."""

    def __init__(self, journal: Journal, reader: LedgerReader) -> None:
        self._journal = journal
        self._reader = reader

    def page(self, ledger: LedgerId, after: int, limit: int = ENTRIES_AT_ONCE) -> ReadResult:
        """Returns the JSON of a FeedPage, from which other services catch up. Opens a new ledger. Raises NotFound."""
        with self._reader.snapshot(ledger) as snapshot:
            head = snapshot.head
            page = FeedPage(ledger=ledger, head=head.head, tail=head.tail, entries=())
            bounds = {"limit": limit, "most_bytes": MAX_FEED_PAGE_BYTES}
            entries = self._journal.encoded(snapshot.session, ledger, after, **bounds)
            return ReadResult(f'{page.model_dump_json(exclude={"entries"})[:-1]},"entries":{entries}}}', head.head)

    def heads(self, after: UUID | None) -> HeadsPage:
        """Returns a page of journal heads, in the order of ledger ids."""
        with self._reader.every_ledger() as session:
            items = self._journal.heads(session, after, HEADS_AT_ONCE)
        return HeadsPage(items=tuple(items), next_after=items[-1].ledger if len(items) == HEADS_AT_ONCE else None)

    def backlog(self) -> Backlog:
        """Returns the number of unpublished entries, and the time of the oldest."""
        with self._reader.every_ledger() as session:
            return self._journal.backlog(session)

    def stored(self) -> StoredLedgers:
        """Returns the size of all journals."""
        with self._reader.every_ledger() as session:
            return stored_ledgers(session, MAX_STORED)
