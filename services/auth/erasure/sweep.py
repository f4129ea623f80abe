"""Tells the other services what to delete, again and again, until each of them has confirmed it."""

import logging
from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.background.loop import BackgroundLoop
from chassis.database.engine import Database
from chassis.database.purge import copies_until, purge
from chassis.errors import Problem
from chassis.journal.feed import ServiceClient, UnreadableResponse, UpstreamTimeout
from chassis.process.clock import Clock
from contracts.erasure import ErasureOrder, ErasureResult
from contracts.ids import LedgerId
from services.auth.erasure import repository
from services.auth.identity.tables import Base, ErasureRow

HERE = "auth"
"""Auth's own part: deleted in the transaction that asks for it, confirmed once its bytes are gone too."""

log = logging.getLogger(__name__)

INTERVAL = 5.0
"""Seconds between rounds when no commit wakes the sweep: a service may come back, an instance may have died."""
BATCH_SIZE = 100
MAX_CONSECUTIVE_TIMEOUTS = 3
TIMEOUT = 60.0
"""Seconds for which one answer is waited for: a ledger of a million expenses takes a while to delete."""


class ErasureSweep(BackgroundLoop):
    """One thread. Several instances only ask twice, and the same order has the same answer."""

    def __init__(self, database: Database, services: Mapping[str, ServiceClient], clock: Clock) -> None:
        super().__init__("erasures", INTERVAL)
        self._database = database
        self._services = services
        self._clock = clock

    def work(self) -> None:
        """Asks once for everything that is not confirmed."""
        self._confirm_own(self._unconfirmed(HERE))
        for service in self._services:
            self._request_all(self._unconfirmed(service))

    def _unconfirmed(self, service: str) -> Sequence[ErasureRow]:
        with self._database.snapshot() as session:
            return repository.unconfirmed(session, service, BATCH_SIZE)

    def _confirm_own(self, rows: Sequence[ErasureRow]) -> None:
        """Takes what the requests' transactions deleted out of the files, once for all of them."""
        if not rows:
            return
        try:
            purge(self._database, Base.metadata.sorted_tables)
        except Problem as error:
            log.warning("erasure waits", extra={"service": HERE, "error": repr(error)})
            return
        until = copies_until(self._database)
        for row in rows:
            self._confirm(row, ErasureResult(deleted=row.deleted or {}, copies_until=until))

    def _request_all(self, rows: Sequence[ErasureRow]) -> None:
        """Sends all orders of one service. Stops where the service is unavailable: each order would wait for a timeout.

        A single timeout does not count as unavailable; MAX_CONSECUTIVE_TIMEOUTS of them do.
        """
        slow = 0
        for row in rows:
            if self.is_stopped:
                return
            try:
                self._request(row)
            except Problem as error:
                log.warning("erasure waits", extra={"service": row.service, "error": repr(error)})
                slow = slow + 1 if isinstance(error, UpstreamTimeout) else 0
                if slow >= MAX_CONSECUTIVE_TIMEOUTS or not isinstance(error, (UnreadableResponse, UpstreamTimeout)):
                    return
            else:
                slow = 0

    def _request(self, row: ErasureRow) -> None:
        order = ErasureOrder(
            receipt=row.receipt, account=row.account, ledgers=tuple(LedgerId(UUID(ledger)) for ledger in row.ledgers)
        )
        erased = self._services[row.service].post("/internal/erasures", order, ErasureResult, timeout=TIMEOUT)
        self._confirm(row, erased)

    def _confirm(self, row: ErasureRow, erased: ErasureResult) -> None:
        with self._database.write() as session:
            repository.confirm(session, row, erased, self._clock())
        log.info("erased", extra={"service": row.service, "receipt": row.receipt})
