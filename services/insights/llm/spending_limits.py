"""Daily budgets of the model, for each person and for all, in tokens and money: reserved before a call, settled after.

The most that a call can use is reserved first, so that concurrent calls cannot overdraw. After a call that was cut off
the usage is unknown, so its reservation stands.
"""

import datetime as dt
from decimal import ROUND_UP, Decimal
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.engine import delete, insert_for, table_of
from contracts.ids import UserId
from services.insights.llm.client import TokenUsage
from services.insights.settings import ModelSettings
from services.insights.tables import BudgetRow

_BUDGETS = table_of(BudgetRow)
ALL_USERS = UUID(int=0)
"""The id under which the usage of the whole installation is stored."""
RETENTION = dt.timedelta(days=62)
"""Retention, the same as that of calls. Only the current day is ever read."""
_MICROS = 1_000_000


class SpendingAmount(NamedTuple):
    """Tokens, and millionths of a currency."""

    tokens: int
    micros: int

    def minus(self, other: "SpendingAmount") -> "SpendingAmount":
        """Returns the difference."""
        return SpendingAmount(self.tokens - other.tokens, self.micros - other.micros)


NOTHING = SpendingAmount(0, 0)


class SpendingLimits(NamedTuple):
    """The limits of a day; 0 is no limit."""

    per_user: SpendingAmount
    total: SpendingAmount
    price_in: Decimal
    """Price of a million tokens, which is the price of one token in millionths."""
    price_out: Decimal

    @classmethod
    def of(cls, settings: ModelSettings) -> "SpendingLimits":
        """Returns the limits from the settings."""
        return cls(
            SpendingAmount(settings.openai_daily_tokens, int(settings.openai_daily_cost * _MICROS)),
            SpendingAmount(settings.openai_daily_tokens_total, int(settings.openai_daily_cost_total * _MICROS)),
            settings.openai_price_in,
            settings.openai_price_out,
        )

    def cost(self, tokens: TokenUsage) -> SpendingAmount:
        """Returns the price of a call, rounded up."""
        price = tokens.sent * self.price_in + tokens.received * self.price_out
        return SpendingAmount(tokens.sent + tokens.received, int(price.to_integral_value(ROUND_UP)))


class SpendingLimitReached(Exception):  # noqa: N818 - it is a plan that holds, not a fault
    """Today's limit does not allow this call."""


def reserve(session: Session, user: UserId, day: dt.date, amount: SpendingAmount, limits: SpendingLimits) -> None:
    """Reserves an amount for a user, in all ledgers, and for the installation.

    Raises OverBudget, and the transaction must then not commit.
    """
    # Always in this order, so that two calls cannot deadlock.
    for scope, limit in ((ALL_USERS, limits.total), (user, limits.per_user)):
        used = _add(session, scope, day, amount)
        if any(most and taken > most for taken, most in zip(used, limit, strict=True)):
            raise SpendingLimitReached


def settle(session: Session, user: UserId, day: dt.date, reserved: SpendingAmount, took: SpendingAmount) -> None:
    """Replaces the reservation of a call by its usage. Stores nothing for an erased user."""
    more = took.minus(reserved)
    for scope in (ALL_USERS, user):
        row = sa.and_(_BUDGETS.c.scope == scope, _BUDGETS.c.day == day)
        values = {name: _BUDGETS.c[name] + value for name, value in more._asdict().items()}
        session.execute(sa.update(_BUDGETS).where(row).values(values))


def prune(session: Session, today: dt.date) -> int:
    """Deletes days past their retention; returns the number of rows."""
    return delete(session, _BUDGETS, _BUDGETS.c.day < today - RETENTION)


def used(session: Session, scope: UUID, day: dt.date) -> SpendingAmount:
    """Returns the usage so far, including reservations."""
    query = sa.select(_BUDGETS.c.tokens, _BUDGETS.c.micros).where(_BUDGETS.c.scope == scope, _BUDGETS.c.day == day)
    row = session.execute(query).one_or_none()
    return SpendingAmount(*row) if row else NOTHING


def _add(session: Session, scope: UUID, day: dt.date, amount: SpendingAmount) -> SpendingAmount:
    insert = insert_for(session, _BUDGETS).values(scope=scope, day=day, **amount._asdict())
    raised = {name: _BUDGETS.c[name] + insert.excluded[name] for name in SpendingAmount._fields}
    upsert = insert.on_conflict_do_update(index_elements=["scope", "day"], set_=raised)
    return SpendingAmount(*session.execute(upsert.returning(_BUDGETS.c.tokens, _BUDGETS.c.micros)).one())
