"""Runs insight jobs: finds facts, stores them in template words, then in a model's words."""

import datetime as dt
import logging
import time
from collections.abc import Callable, Collection, Sequence

from sqlalchemy.exc import DBAPIError

from chassis.database.engine import Database, is_transient
from chassis.process.clock import Clock, utc_now
from contracts.ids import LedgerId
from services.insights import metrics
from services.insights.insights import dismissals, jobs
from services.insights.insights import repository as store
from services.insights.insights.facts.fact import NEVER_WORDED_BY_MODEL, Fact
from services.insights.insights.facts.finders import find_facts
from services.insights.insights.facts.ranking import choose
from services.insights.insights.facts.snapshot import own_day
from services.insights.insights.jobs import JobLease
from services.insights.insights.repository import SavedInsights
from services.insights.insights.wording.phrasing import phrase
from services.insights.insights.wording.rendering import render, reusable
from services.insights.insights.wording.slots import locale_of, speaks_english
from services.insights.llm.gateway import CallContext, LlmGateway, Purpose

log = logging.getLogger(__name__)


NotifyInsights = Callable[[LedgerId, int, dt.datetime], None]
"""Called with a ledger, and the revision and time of its new insights."""


class LeaseLost(Exception):  # noqa: N818 - not an error: another worker has taken over
    """Another worker holds the lease, so the results must not be stored."""


class InsightRunner:
    """Runs the job of one ledger at a time. Safe to call for any ledger, any number of times."""

    def __init__(
        self,
        database: Database,
        llm: LlmGateway | None,
        stored: NotifyInsights,
        now: Clock = utc_now,
    ) -> None:
        """`stored` is called after new insights are committed."""
        self._database = database
        self._llm = llm
        self._stored = stored
        self._now = now

    def run(self, ledger: LedgerId) -> str:
        """Runs the job if its lease can be acquired; returns the outcome. Raises only unexpected errors."""
        started = time.perf_counter()
        outcome = self._run(ledger)
        metrics.runs.labels(outcome).inc()
        metrics.run_duration.observe(time.perf_counter() - started)
        log.info("insights run", extra={"ledger": ledger, "outcome": outcome})
        return outcome

    def _run(self, ledger: LedgerId) -> str:
        try:
            with self._database.write() as session:
                lease = jobs.acquire(session, ledger, self._now())
        except DBAPIError as error:
            if not is_transient(error):
                raise
            return "transient"  # the job stays due
        if lease is None:
            return "nothing_to_do"
        try:
            self._work(lease)
        except LeaseLost:
            return "superseded"
        except DBAPIError as error:
            if not is_transient(error):
                self._fail(lease, transient=False)
                raise
            self._fail(lease, transient=True)
            return "transient"
        except BaseException:  # time limits too; otherwise the job would wait for the lease to end
            self._fail(lease, transient=False)
            raise
        return "done"

    def _work(self, lease: JobLease) -> None:
        with self._database.snapshot() as session:
            settings = store.settings(session, lease.ledger)
            today = own_day(settings.time_zone if settings else "UTC", self._now())
            saved = store.saved(session, lease.ledger)
            snapshot = store.fact_snapshot(session, lease.ledger, settings, today) if settings else None
            dismissed = dismissals.dismissed(session, lease.ledger)
        facts = choose(find_facts(snapshot), snapshot, dismissed) if snapshot else []
        locale = settings.locale if settings else "en"
        llm = self._llm_for(lease, locale)
        words = reusable(saved.items if saved and llm else [], facts)
        # A run that failed before does without the model, which may have caused the failure.
        missing = _facts_to_word(facts, words) if llm and lease.attempt == 1 else []
        revision = snapshot.revision if snapshot else 0
        self._save(lease, SavedInsights(revision, today, self._now(), render(facts, words, locale)), last=not missing)
        if missing and llm:
            words |= phrase(missing, llm.session(CallContext(lease.ledger, Purpose.WORDS, revision)))
            self._save(lease, SavedInsights(revision, today, self._now(), render(facts, words, locale)), last=True)

    def _llm_for(self, lease: JobLease, locale: str) -> LlmGateway | None:
        """Returns the gateway to a model if users allow it and the language is English."""
        if self._llm is None or not speaks_english(locale_of(locale)):
            return None
        return self._llm if self._llm.allows(lease.ledger) else None

    def _save(self, lease: JobLease, insights: SavedInsights, *, last: bool) -> None:
        with self._database.write() as session:
            if not jobs.renew(session, lease, insights.computed_at):
                raise LeaseLost
            store.save(session, lease.ledger, insights)
            if last:
                jobs.finish(session, lease, insights.revision, insights.day)
        if last:
            for item in insights.items:
                metrics.worded.labels(item.source).inc()
        self._stored(lease.ledger, insights.revision, insights.computed_at)

    def _fail(self, lease: JobLease, *, transient: bool) -> None:
        try:
            with self._database.write() as session:
                jobs.fail(session, lease, self._now(), transient=transient)
        except DBAPIError as error:
            log.warning("failed run could not be recorded; its lease will expire", extra={"error": repr(error)})


def _facts_to_word(facts: Sequence[Fact], worded: Collection[str]) -> list[Fact]:
    return [fact for fact in facts if fact.id not in worded and fact.kind not in NEVER_WORDED_BY_MODEL]
