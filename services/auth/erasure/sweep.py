"""Sends erasure orders to the other services, repeatedly, until each has confirmed."""

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
"""Auth's own part: deleted in the requesting transaction, confirmed once the bytes are purged from the files too."""

log = logging.getLogger(__name__)

INTERVAL = 5.0
"""Seconds between rounds when no commit wakes the sweep. A service may recover, or another instance may have died."""
BATCH_SIZE = 100
MAX_CONSECUTIVE_TIMEOUTS = 3
TIMEOUT = 60.0
"""Timeout of one order, in seconds. Deleting a ledger of a million expenses takes a while."""


class ErasureSweep(BackgroundLoop):
    """One thread. With several instances an order may be sent twice, which is safe because orders are idempotent."""

    def __init__(self, database: Database, services: Mapping[str, ServiceClient], clock: Clock) -> None:
        super().__init__("erasures", INTERVAL)
        self._database = database
        self._services = services
        self._clock = clock

    def work(self) -> None:
        """Sends every unconfirmed order once."""
        self._confirm_own(self._unconfirmed(HERE))
        for service in self._services:
            self._request_all(self._unconfirmed(service))

    def _unconfirmed(self, service: str) -> Sequence[ErasureRow]:
        with self._database.snapshot() as session:
            return repository.unconfirmed(session, service, BATCH_SIZE)

    def _confirm_own(self, rows: Sequence[ErasureRow]) -> None:
        """Purges the data that the requests' transactions deleted from the files, once for all of them."""
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
        """Sends all orders of one service. Stops if the service is unavailable, since each order would time out.

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
