"""The use cases of insights: reading, dismissing and refreshing them."""

from collections.abc import Callable, Sequence

from chassis.database.engine import Database
from chassis.errors import NotFound, Unavailable
from chassis.process.clock import Clock, utc_now
from contracts.ids import LedgerId
from services.insights.insights import dismissals, jobs
from services.insights.insights import repository as store
from services.insights.insights.facts.snapshot import own_day
from services.insights.insights.repository import LedgerState
from services.insights.insights.schemas import Insight, Insights, Status
from services.insights.projections.checkpoints import CHECKPOINTS
from services.insights.summary.service import RequiredRevision


class InsightService:
    """Reads stored insights and queues runs; computes nothing itself."""

    def __init__(
        self, database: Database, reach: Callable[[LedgerId, RequiredRevision], int | None], now: Clock = utc_now
    ) -> None:
        """`reach` brings the totals to a required revision, and returns the revision at which the ledger is parked."""
        self._database = database
        self._reach = reach
        self._now = now

    def read(self, ledger: LedgerId, required: RequiredRevision) -> Insights:
        """Returns the insights and their status. Queues a run if they are not current and none is queued.

        Raises UnknownRevision. Totals that cannot be brought up to date make insights `updating`, not an error.
        """
        try:
            parked, behind = self._reach(ledger, required) is not None, False
        except Unavailable:
            parked, behind = False, True
        now = self._now()
        with self._database.snapshot() as session:
            settings = store.settings(session, ledger)
            saved = store.saved(session, ledger)
            revision = store.revisions(session, [ledger]).get(ledger, 0)
            job = jobs.state(session, ledger)
            dismissed = dismissals.dismissed(session, ledger)
        if settings is None:
            return Insights(status=Status.UPDATING if behind else Status.NONE, revision=0, items=[])
        current = saved is not None and (saved.revision, saved.day) == (revision, own_day(settings.time_zone, now))
        if not current and not job.waiting:
            with self._database.write() as session:
                jobs.request_run(session, ledger, now, afresh=False)
        visible = [item for item in saved.items if item.id not in dismissed] if saved else []
        items = [Insight.model_validate(item.model_dump()) for item in visible]
        status = _status(current=current and not behind, resting=parked or job.given_up)
        at = saved.revision if saved else 0
        # After a restore the ledger may end before the insights' revision; then no later change is known.
        changed = max(0, revision - at) if saved else 0
        computed_at = saved.computed_at if saved else None
        return Insights(status=status, revision=at, changed_since=changed, computed_at=computed_at, items=items)

    def dismiss(self, ledger: LedgerId, fact: str) -> None:
        """Dismisses a fact. Restarts the job, so that another fact takes its place.

        Raises NotFound for a fact that was never shown.
        """
        self._require_known(ledger, fact)
        now = self._now()
        with self._database.write() as session:
            dismissals.dismiss(session, ledger, fact, now)
            jobs.restart(session, ledger, now)

    def restore(self, ledger: LedgerId, fact: str) -> None:
        """Restores a dismissed fact. Raises NotFound as above."""
        self._require_known(ledger, fact)
        with self._database.write() as session:
            dismissals.restore(session, ledger, fact)
            jobs.restart(session, ledger, self._now())

    def _require_known(self, ledger: LedgerId, fact: str) -> None:
        with self._database.snapshot() as session:
            saved = store.saved(session, ledger)
            known = dismissals.dismissed(session, ledger)
        if fact not in known and not (saved and any(item.id == fact for item in saved.items)):
            raise NotFound

    def refresh(self, ledger: LedgerId) -> None:
        """Queues a run on a user's request. Raises NotFound if the ledger was erased."""
        with self._database.write() as session:
            if CHECKPOINTS.is_closed(session, ledger):
                raise NotFound
            jobs.request_run(session, ledger, self._now(), afresh=True)

    def ledger_states(self, ledgers: Sequence[LedgerId]) -> dict[LedgerId, LedgerState]:
        """Returns the states of totals and insights of these ledgers."""
        with self._database.snapshot() as session:
            return store.ledger_states(session, ledgers)


def _status(*, current: bool, resting: bool) -> Status:
    if resting:
        return Status.STALE
    return Status.CURRENT if current else Status.UPDATING
