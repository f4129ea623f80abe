"""What a worker does with a ledger: find facts, store them in our own words, then in a model's."""

import datetime as dt
import logging
import time
from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from chassis.database.engine import Database, is_transient
from services.insights import metrics
from services.insights.insights import dismissals, jobs
from services.insights.insights import repository as store
from services.insights.insights.facts.fact import IN_OUR_WORDS, Fact
from services.insights.insights.facts.finders import find
from services.insights.insights.facts.ranking import choose
from services.insights.insights.facts.snapshot import Now, own_day, utc_now
from services.insights.insights.jobs import Lease
from services.insights.insights.repository import Kept
from services.insights.insights.wording.phrasing import phrase
from services.insights.insights.wording.rendering import reusable, tell
from services.insights.insights.wording.slots import locale_of, speaks_english
from services.insights.llm.gateway import ModelDesk, Occasion, Purpose

log = logging.getLogger(__name__)


Tell = Callable[[UUID, int, dt.datetime], None]
"""Is told of a ledger, and of its new insights the revision and the moment."""


class Superseded(Exception):  # noqa: N818 - not an error: somebody else has taken over
    """The lease is not ours any more; what we found must not be stored."""


class InsightRunner:
    """One run for one ledger at a time; safe to call for any ledger, any number of times."""

    def __init__(
        self,
        database: Database,
        desk: ModelDesk | None,
        stored: Tell,
        now: Now = utc_now,
    ) -> None:
        """`stored` is called after new insights are committed."""
        self._database = database
        self._desk = desk
        self._stored = stored
        self._now = now

    def run(self, ledger: UUID) -> str:
        """Does the job if it is ours to do; says what came of it. Raises only what nobody expected."""
        started = time.perf_counter()
        outcome = self._run(ledger)
        metrics.runs.labels(outcome).inc()
        metrics.run_duration.observe(time.perf_counter() - started)
        log.info("insights run", extra={"ledger": ledger, "outcome": outcome})
        return outcome

    def _run(self, ledger: UUID) -> str:
        try:
            with self._database.write() as session:
                lease = jobs.lease(session, ledger, self._now())
        except DBAPIError as error:
            if not is_transient(error):
                raise
            return "transient"  # the job stays due
        if lease is None:
            return "nothing_to_do"
        try:
            self._work(lease)
        except Superseded:
            return "superseded"
        except DBAPIError as error:
            if not is_transient(error):
                self._fail(lease, transient=False)
                raise
            self._fail(lease, transient=True)
            return "transient"
        except BaseException:  # a time limit too: what is not noted here waits for the lease to end
            self._fail(lease, transient=False)
            raise
        return "done"

    def _work(self, lease: Lease) -> None:
        with self._database.snapshot() as session:
            settings = store.settings(session, lease.ledger)
            today = own_day(settings.time_zone if settings else "UTC", self._now())
            kept = store.kept(session, lease.ledger)
            ground = store.ground(session, lease.ledger, settings, today) if settings else None
            unwanted = dismissals.dismissed(session, lease.ledger)
        facts = choose(find(ground), ground, unwanted) if ground else []
        locale = settings.locale if settings else "en"
        desk = self._desk_for(lease, locale)
        words = reusable(kept.items if kept and desk else [], facts)
        # A run that failed before goes without the model: it may be the model that made it fail.
        missing = _to_be_worded(facts, words) if desk and lease.attempt == 1 else []
        revision = ground.revision if ground else 0
        self._keep(lease, Kept(revision, today, self._now(), tell(facts, words, locale)), last=not missing)
        if missing and desk:
            words |= phrase(missing, desk.line(Occasion(lease.ledger, Purpose.WORDS, revision)))
            self._keep(lease, Kept(revision, today, self._now(), tell(facts, words, locale)), last=True)

    def _desk_for(self, lease: Lease, locale: str) -> ModelDesk | None:
        """The way to a model, where people allow it, and would get no template in their own language instead."""
        if self._desk is None or not speaks_english(locale_of(locale)):
            return None
        return self._desk if self._desk.allows(lease.ledger) else None

    def _keep(self, lease: Lease, insights: Kept, *, last: bool) -> None:
        with self._database.write() as session:
            if not jobs.hold(session, lease, insights.computed_at):
                raise Superseded
            store.keep(session, lease.ledger, insights)
            if last:
                jobs.finish(session, lease, insights.revision, insights.day)
        if last:
            for item in insights.items:
                metrics.worded.labels(item.source).inc()
        self._stored(lease.ledger, insights.revision, insights.computed_at)

    def _fail(self, lease: Lease, *, transient: bool) -> None:
        try:
            with self._database.write() as session:
                jobs.fail(session, lease, self._now(), transient=transient)
        except DBAPIError as error:
            log.warning("run could not be noted as failed; its lease will end", extra={"error": repr(error)})


def _to_be_worded(facts: Sequence[Fact], worded: Collection[str]) -> list[Fact]:
    return [fact for fact in facts if fact.id not in worded and fact.kind not in IN_OUR_WORDS]
