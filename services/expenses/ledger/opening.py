"""Opens ledgers: the first entry of a journal holds the ledger's settings."""

import logging
from collections.abc import Callable

from chassis.database.engine import Database
from chassis.errors import NotFound
from chassis.journal.action import Action
from chassis.journal.feed import ServiceClient
from chassis.journal.journal import Journal
from contracts.book import LEDGER, LedgerImage, OpenedLedger
from contracts.ids import LedgerId
from contracts.journal import Change, Via

log = logging.getLogger(__name__)


class LedgerOpener:
    """Gets the settings of a new ledger from auth, once."""

    def __init__(self, database: Database, journal: Journal, auth: ServiceClient, wake: Callable[[], None]) -> None:
        """`wake` is called after an entry was appended."""
        self._database = database
        self._journal = journal
        self._auth = auth
        self._wake = wake

    def open(self, ledger: LedgerId) -> None:
        """Opens a new ledger. Raises NotFound, Unavailable without auth.

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
