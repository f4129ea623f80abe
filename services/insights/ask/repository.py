"""Sums for questions: from the totals, or from the payments where merchants matter. No decisions."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.engine import table_of
from chassis.projections.builds import ProjectionBuild
from contracts.ids import CategoryId
from contracts.text import fold
from services.insights.ask.name_matching import NameIndex
from services.insights.periods import Period
from services.insights.projections import repository as totals_repository
from services.insights.projections.totals import Sum
from services.insights.tables import CategoryRow, DayTotal, PaymentRow

_PAYMENTS, _CATEGORIES, _DAYS = table_of(PaymentRow), table_of(CategoryRow), table_of(DayTotal)
BATCH_SIZE = 500
"""Spellings in one statement. SQLite binds 32,766 values at most."""


class QueryScope(NamedTuple):
    """The payments of a projection build, and its ledger's currency."""

    build: ProjectionBuild
    currency: str


def names(session: Session, scope: QueryScope) -> NameIndex:
    """Returns the names of categories and merchants."""
    categories = sa.select(_CATEGORIES.c.id, _CATEGORIES.c.name).where(scope.build.rows(_CATEGORIES))
    merchants = sa.select(_PAYMENTS.c.merchant).where(scope.build.rows(_PAYMENTS), _PAYMENTS.c.merchant.is_not(None))
    category_names = {row.id: row.name for row in session.execute(categories.order_by(_CATEGORIES.c.name))}
    return NameIndex(category_names, list(session.scalars(merchants.distinct())))


def first_day(session: Session, scope: QueryScope) -> dt.date | None:
    """Returns the day of the first payment."""
    query = sa.select(_DAYS.c.period).where(scope.build.rows(_DAYS)).order_by(_DAYS.c.period).limit(1)
    day: dt.date | None = session.scalar(query)
    return day


def by_currency(
    session: Session, scope: QueryScope, period: Period, categories: Collection[CategoryId] | None
) -> dict[str, Sum]:
    """Returns the sum of some categories, or of all, by currency."""
    sums: dict[str, Sum] = {}
    for (of, currency), sum_ in totals_repository.sums(session, scope.build, period).items():
        if categories is None or of in categories:
            sums[currency] = sums.get(currency, Sum()) + sum_
    return sums


def of_merchant(session: Session, scope: QueryScope, period: Period, spellings: Sequence[str]) -> dict[str, Sum]:
    """Returns the sum of a merchant, in all its spellings, by currency."""
    grouped = sa.select(_PAYMENTS.c.currency, sa.func.sum(_PAYMENTS.c.minor), sa.func.count())
    sums: dict[str, Sum] = {}
    for start in range(0, len(spellings), BATCH_SIZE):
        chosen = _PAYMENTS.c.merchant.in_(spellings[start : start + BATCH_SIZE])
        for currency, total, count in session.execute(grouped.where(_in(scope, period), chosen).group_by("currency")):
            sums[currency] = sums.get(currency, Sum()) + Sum(int(total), count)
    return sums


def categories(session: Session, scope: QueryScope, period: Period) -> dict[CategoryId, Sum]:
    """Returns the sum of each category, in the ledger's currency."""
    sums = totals_repository.sums(session, scope.build, period)
    return {category: sum_ for (category, currency), sum_ in sums.items() if currency == scope.currency}


def merchants(session: Session, scope: QueryScope, period: Period) -> dict[str, Sum]:
    """Returns the sum of each merchant in the ledger's currency, by folded name."""
    grouped = sa.select(_PAYMENTS.c.merchant, sa.func.sum(_PAYMENTS.c.minor), sa.func.count())
    own = sa.and_(_in(scope, period), _PAYMENTS.c.currency == scope.currency, _PAYMENTS.c.merchant.is_not(None))
    sums: dict[str, Sum] = {}
    for merchant, total, count in session.execute(grouped.where(own).group_by(_PAYMENTS.c.merchant)):
        sums[fold(merchant)] = sums.get(fold(merchant), Sum()) + Sum(int(total), count)
    return sums


def _in(scope: QueryScope, period: Period) -> sa.ColumnElement[bool]:
    return sa.and_(scope.build.rows(_PAYMENTS), _PAYMENTS.c.day.between(*period))
