"""Reads totals, at the required revision or later."""

import datetime as dt
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import BadRequest, FieldError, NotFound, Unavailable, UnknownRevision
from chassis.journal.feed import ALL_REVISIONS
from chassis.projections.checkpoints import CLOSED
from chassis.projections.reader import CatchUpResult, JournalReader
from contracts.ids import LedgerId
from contracts.response_cache import CachedResponse, etag_of, response_field
from services.insights.periods import Bucket, Period, buckets, month_of
from services.insights.projections import repository as totals_repository
from services.insights.projections.checkpoints import CHECKPOINTS
from services.insights.projections.effects import CommitEffects
from services.insights.summary.schemas import PeriodQuery, TrendsQuery
from services.insights.summary.summaries import Steps, summarise, trend
from services.insights.tables import LedgerRow

MAX_BUCKETS = 400
"""Limit of buckets: a year of days, seven of weeks, thirty of months."""


class RequiredRevision(NamedTuple):
    """The revision that a read requires: at least `minimum`, and `newest` if the gateway knows the head."""

    minimum: int
    newest: int | None


class TotalsResult(NamedTuple):
    """A response's JSON, its revision, and the revision at which its ledger is parked, if it is."""

    body: bytes
    revision: int
    parked_at: int | None


class TotalsService:
    """Summary and trends."""

    def __init__(self, database: Database, reader: JournalReader, effects: CommitEffects) -> None:
        self._database = database
        self._reader = reader
        self._effects = effects

    def summary(self, ledger: LedgerId, query: PeriodQuery, required: RequiredRevision) -> TotalsResult:
        """Raises BadRequest, UnknownRevision, Unavailable."""

        def compute(session: Session, settings: LedgerRow, revision: int) -> BaseModel:
            period = _period(query, settings)
            sums = totals_repository.sums(session, settings.build, period)
            names = totals_repository.category_names(session, settings.build)
            return summarise(sums, names, settings.currency, period, revision)

        return self._answer(ledger, "/api/v1/summary", query, required, compute)

    def trends(self, ledger: LedgerId, query: TrendsQuery, required: RequiredRevision) -> TotalsResult:
        """Raises BadRequest, UnknownRevision, Unavailable."""

        def compute(session: Session, settings: LedgerRow, revision: int) -> BaseModel:
            period = _period(query, settings)
            try:
                starts = buckets(period, query.by, MAX_BUCKETS, query.week_start)
            except ValueError as error:
                raise _bad("from", str(error)) from error
            steps = Steps(query.by, starts, query.week_start)
            months = query.by is Bucket.MONTH
            rows = totals_repository.series(session, settings.build, period, settings.currency, months=months)
            names = totals_repository.category_names(session, settings.build)
            return trend(rows, names, settings.currency, period, steps, revision)

        return self._answer(ledger, "/api/v1/trends", query, required, compute)

    def _answer(
        self,
        ledger: LedgerId,
        path: str,
        query: PeriodQuery,
        required: RequiredRevision,
        compute: Callable[[Session, LedgerRow, int], BaseModel],
    ) -> TotalsResult:
        field = response_field(path, _canonical(query))
        fence = self._effects.fence(ledger) if field else None
        if fence is not None and fence.head is None:  # lost since the gateway looked: what it saw may be old
            required = required._replace(newest=None)
        parked_at = self.require_revision(ledger, required)
        with self._database.snapshot() as session:
            position = CHECKPOINTS.position(session, ledger)
            if position is None:
                raise Unavailable("This ledger is still being read.")
            revision = position.checkpoint.revision
            settings = totals_repository.settings(session, position.build)
            body = compute(session, settings, revision).model_dump_json(by_alias=True).encode()
        # A response that reports a parked ledger is not cached, since the cache could not be invalidated.
        if parked_at is None and field and fence:
            self._effects.store_response(
                ledger, field, CachedResponse(revision, etag_of(body), time.time(), body), fence
            )
        return TotalsResult(body, revision, parked_at)

    def require_revision(self, ledger: LedgerId, required: RequiredRevision) -> int | None:
        """Sees that the checkpoint is where the read wants it; where the ledger was set aside, if it was.

        Raises UnknownRevision for a revision that the journal does not have, Unavailable where it has it and
        we do not, NotFound where the ledger was erased.
        """
        goal = ALL_REVISIONS if required.newest is None else max(required.minimum, required.newest)
        with self._database.snapshot() as session:
            revisions = CatchUpResult(CHECKPOINTS.of(session, [ledger])[ledger].revision, is_complete=False)
            parked_at = CHECKPOINTS.parked(session, [ledger]).get(ledger)
        if revisions.revision == CLOSED.revision:
            raise NotFound
        if revisions.revision >= goal or parked_at:
            return parked_at
        revisions = self._reader.catch_up(ledger, goal, by="read")
        if revisions.is_complete:
            if revisions.revision < required.minimum:
                raise UnknownRevision(f"This ledger is at revision {revisions.revision}.")
            if required.newest is not None and revisions.revision < required.newest:  # no head of this journal
                self._effects.history_replaced(ledger)
            return None
        with self._database.snapshot() as session:
            parked_at = CHECKPOINTS.parked(session, [ledger]).get(ledger)
        if not parked_at:
            raise Unavailable("The totals are being brought up to date.")
        return parked_at


def _period(query: PeriodQuery, settings: LedgerRow) -> Period:
    month = month_of(dt.datetime.now(ZoneInfo(settings.time_zone)).date())
    period = Period(query.since or month.since, query.until or month.until)
    if period.since > period.until:
        raise _bad("from", "from must not be later than to")
    return period


def _bad(parameter: str, detail: str) -> BadRequest:
    return BadRequest(f"{parameter}: {detail}.", errors=[FieldError(pointer=parameter, detail=detail)])


def _canonical(query: PeriodQuery) -> Mapping[str, str]:
    given = query.model_dump(mode="json", by_alias=True, exclude={"ledger"}, exclude_unset=True)
    return {name: value for name, value in given.items() if value is not None}
