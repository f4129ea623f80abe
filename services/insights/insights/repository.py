"""Queries of facts and insights. No decisions."""

import datetime as dt
import logging
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.orm import Session

from chassis.database.chunked_deletes import delete_some
from chassis.database.engine import delete, insert_for, table_of
from chassis.projections.builds import ProjectionBuild
from chassis.projections.checkpoints import CLOSED
from contracts.ids import LedgerId, UserId
from services.insights.insights.facts.payments import Payment
from services.insights.insights.facts.snapshot import MEMORY, FactSnapshot, month_before
from services.insights.insights.schemas import StoredInsight, StoredInsights
from services.insights.periods import Period, month_of
from services.insights.projections.repository import category_names
from services.insights.tables import (
    Base,
    BudgetRow,
    CheckpointRow,
    ConsentRow,
    DayTotal,
    DismissalRow,
    InsightRow,
    JobRow,
    LedgerRow,
    ModelCallRow,
    PaymentRow,
)

_DAYS, _PAYMENTS = table_of(DayTotal), table_of(PaymentRow)
_INSIGHTS, _JOBS, _CHECKPOINTS = table_of(InsightRow), table_of(JobRow), table_of(CheckpointRow)
log = logging.getLogger(__name__)


class SavedInsights(NamedTuple):
    """The insights of a ledger, with their revision and day."""

    revision: int
    day: dt.date
    computed_at: dt.datetime
    items: list[StoredInsight]


class LedgerState(NamedTuple):
    """The revisions of a ledger's totals and insights; None without insights."""

    revision: int
    insights: int | None
    computed_at: dt.datetime | None


def settings(session: Session, ledger: LedgerId) -> LedgerRow | None:
    """Returns the ledger's settings, or None if its journal has not been read."""
    served = sa.select(_CHECKPOINTS.c.generation).where(_CHECKPOINTS.c.ledger == ledger).scalar_subquery()
    query = sa.select(LedgerRow).where(LedgerRow.ledger == ledger, LedgerRow.generation == served)
    return session.scalars(query).one_or_none()


def fact_snapshot(session: Session, ledger: LedgerId, settings: LedgerRow, today: dt.date) -> FactSnapshot:
    """Returns the payments from which facts are computed, with their revision, in one snapshot."""
    build, currency = settings.build, settings.currency
    return FactSnapshot(
        currency=currency,
        today=today,
        revision=revisions(session, [ledger]).get(ledger, 0),
        since=_first_day(session, build, currency),
        payments=_payments(session, build, currency, Period(month_before(today, MEMORY).since, month_of(today).until)),
        names=category_names(session, build),
    )


def revisions(session: Session, ledgers: Iterable[LedgerId]) -> dict[LedgerId, int]:
    """Returns the revision of the totals of these ledgers; unread and closed ledgers are missing."""
    table = _CHECKPOINTS
    required = sa.and_(table.c.ledger.in_(list(ledgers)), table.c.revision < CLOSED.revision)
    query = sa.select(table.c.ledger, table.c.revision).where(required)
    return {row.ledger: row.revision for row in session.execute(query)}


def ledger_states(session: Session, ledgers: Iterable[LedgerId]) -> dict[LedgerId, LedgerState]:
    """Returns the states of these ledgers; unread and closed ledgers are missing."""
    table = _CHECKPOINTS
    columns = table.c.ledger, table.c.revision, _INSIGHTS.c.revision, _INSIGHTS.c.computed_at
    both = table.outerjoin(_INSIGHTS, _INSIGHTS.c.ledger == table.c.ledger)
    required = sa.and_(table.c.ledger.in_(list(ledgers)), table.c.revision < CLOSED.revision)
    query = sa.select(*columns).select_from(both).where(required)
    return {ledger: LedgerState(*position) for ledger, *position in session.execute(query)}


def saved(session: Session, ledger: LedgerId) -> SavedInsights | None:
    """Returns the stored insights, or None if they are unreadable, since they can be computed again."""
    row = session.execute(sa.select(_INSIGHTS).where(_INSIGHTS.c.ledger == ledger)).one_or_none()
    if row is None:
        return None
    try:
        items = StoredInsights.model_validate_json(row.items).items
    except ValidationError:
        _note_unreadable(ledger, row.computed_at)
        return None
    return SavedInsights(row.revision, row.day, row.computed_at, items)


@lru_cache(maxsize=1_000)
def _note_unreadable(ledger: LedgerId, _computed_at: dt.datetime) -> None:
    """Logs an unreadable document; the cache makes sure that each is logged once."""
    log.info("stored insights are of another version; they are computed again", extra={"ledger": ledger})


def save(session: Session, ledger: LedgerId, insights: SavedInsights) -> None:
    """Stores insights, replacing earlier ones. The caller holds the ledger's lease."""
    items = StoredInsights(items=insights.items).model_dump_json(by_alias=True)
    values = insights._asdict() | {"items": items}
    insert = insert_for(session, _INSIGHTS).values(ledger=ledger, **values)
    session.execute(insert.on_conflict_do_update(index_elements=["ledger"], set_=values))


def discard(session: Session, ledger: LedgerId) -> dict[str, int]:
    """Deletes a ledger's insights and its job; returns the number of rows by table."""
    # The job first: insights are stored under its lock, so insights being stored now are deleted too.
    return _emptied(session, ledger, JobRow, InsightRow)


def delete_ledger(session: Session, ledger: LedgerId) -> dict[str, int]:
    """Deletes these, and the ledger's dismissals and consent; returns the number of rows by table.

    Without a consent no call is recorded any more, so `delete_calls` can run afterwards.
    """
    return discard(session, ledger) | _emptied(session, ledger, DismissalRow, ConsentRow)


def delete_calls(session: Session, ledger: LedgerId) -> dict[str, int]:
    """Deletes a few of the recorded model calls of a ledger; returns the number of rows by table."""
    calls = table_of(ModelCallRow)
    return delete_some(session, calls, calls.c.ledger == ledger)


def delete_account(session: Session, account: UserId) -> dict[str, int]:
    """Deletes the account's usage of a model, and its consents; returns the number of rows by table."""
    consents, budgets = table_of(ConsentRow), table_of(BudgetRow)
    return {
        consents.name: delete(session, consents, consents.c.by == account),
        budgets.name: delete(session, budgets, budgets.c.scope == account),
    }


def _emptied(session: Session, ledger: LedgerId, *rows: type[Base]) -> dict[str, int]:
    tables = map(table_of, rows)
    return {table.name: delete(session, table, table.c.ledger == ledger) for table in tables}


def _first_day(session: Session, build: ProjectionBuild, currency: str) -> dt.date | None:
    query = sa.select(_DAYS.c.period).where(build.rows(_DAYS), _DAYS.c.currency == currency)
    return session.scalar(query.order_by(_DAYS.c.period).limit(1))


def _payments(session: Session, build: ProjectionBuild, currency: str, period: Period) -> tuple[Payment, ...]:
    table = _PAYMENTS.c
    query = sa.select(table.id, table.day, table.minor, table.category, sa.func.coalesce(table.merchant, ""))
    query = query.where(build.rows(_PAYMENTS), table.currency == currency)
    query = query.where(table.day.between(period.since, period.until)).order_by(table.day, table.id)
    return tuple(Payment(*row) for row in session.execute(query))
