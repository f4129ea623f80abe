"""Queries of dismissed facts. A rebuild keeps them, since the journal does not contain them."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.engine import insert_for, table_of
from contracts.ids import LedgerId
from services.insights.tables import DismissalRow

_DISMISSALS = table_of(DismissalRow)


def dismissed(session: Session, ledger: LedgerId) -> set[str]:
    """Returns the ids of dismissed facts."""
    return set(session.scalars(sa.select(_DISMISSALS.c.fact).where(_DISMISSALS.c.ledger == ledger)))


def dismiss(session: Session, ledger: LedgerId, fact: str, now: dt.datetime) -> None:
    """Dismisses a fact. Repeating it changes nothing."""
    insert = insert_for(session, _DISMISSALS).values(ledger=ledger, fact=fact, dismissed_at=now)
    session.execute(insert.on_conflict_do_nothing())


def restore(session: Session, ledger: LedgerId, fact: str) -> None:
    """Restores a dismissed fact."""
    session.execute(sa.delete(_DISMISSALS).where(_DISMISSALS.c.ledger == ledger, _DISMISSALS.c.fact == fact))
