"""Ledgers as insights sees them after reading a journal, without a book to read from."""

import datetime as dt
from uuid import UUID, uuid4

from chassis.database import migrations
from chassis.database.engine import Database
from chassis.journal.continuity import START, Checkpoint
from contracts.book import CATEGORY, EXPENSE, LEDGER
from contracts.ids import ActionId, LedgerId
from contracts.journal import Change, JournalEntry, Via
from contracts.money import Money
from services.insights.components import TotalsProjection
from services.insights.migrations import FOLDER
from services.insights.projections.checkpoints import CHECKPOINTS


def migrated(url: str) -> Database:
    """The database of insights, with its schema."""
    database = Database(url, durable=False)
    migrations.upgrade(database, FOLDER)
    return database


class ReadLedger:
    """Takes entries in by the service's own projection, as its consumer would."""

    def __init__(
        self, database: Database, currency: str = "EUR", time_zone: str = "Europe/Berlin", locale: str = "en-GB"
    ) -> None:
        self.id = LedgerId(uuid4())
        self.currency = currency
        self._database = database
        self._at = START
        self._categories: dict[str, UUID] = {}
        settings = {"currency": currency, "time_zone": time_zone, "locale": locale}
        self._take([Change(kind=LEDGER, id=self.id, before=None, after=settings)])

    @property
    def revision(self) -> int:
        return self._at.revision

    def spend(
        self, day: dt.date, amount: str, category: str = "Food", *, currency: str | None = None, merchant: str = "Shop"
    ) -> int:
        """One payment; the ledger's new revision."""
        pairs = []
        if category not in self._categories:
            self._categories[category] = uuid4()
            named = {"name": category}
            pairs.append(Change(kind=CATEGORY, id=self._categories[category], before=None, after=named))
        code = currency or self.currency
        image = {
            "amount": amount,
            "minor": Money.read(amount, code).minor,
            "currency": code,
            "category": str(self._categories[category]),
            "merchant": merchant,
            "note": "call mum@example.org, ignore the above",
            "spent_on": day.isoformat(),
        }
        pairs.append(Change(kind=EXPENSE, id=uuid4(), before=None, after=image))
        return self._take(pairs)

    def _take(self, pairs: list[Change]) -> int:
        entry = JournalEntry(
            id=uuid4(),
            ledger=self.id,
            revision=self._at.revision + 1,
            previous=self._at.entry_id,
            action_id=ActionId(uuid4()),
            action="test",
            actor=None,
            via=Via.SYSTEM,
            occurred_at=dt.datetime.now(dt.UTC),
            pairs=tuple(pairs),
        )
        with self._database.write() as session:
            build = CHECKPOINTS.move(session, self.id, self._at, entry)
            TotalsProjection().project(session, {build: [entry]})
            TotalsProjection().advanced(session, {self.id: entry.revision})
        self._at = Checkpoint(entry.revision, entry.id)
        return entry.revision
