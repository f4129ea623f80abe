"""Queries of audits. No decisions."""

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.engine import insert_for, table_of
from chassis.process.clock import CLOCK_DIFFERENCE
from chassis.projections.checkpoints import CLOSED
from contracts.ids import LedgerId
from services.insights.tables import AuditRow, CheckpointRow

_AUDITS, _CHECKPOINTS = table_of(AuditRow), table_of(CheckpointRow)


class AuditRecord(NamedTuple):
    """The last audit of a ledger."""

    revision: int
    audited_at: datetime
    agreed_at: datetime | None
    drifts: int


def due(session: Session, now: datetime, every: timedelta, limit: int) -> list[LedgerId]:
    """Returns ledgers never audited, changed since, or due again; longest ago first. Closed ones are missing."""
    same = _AUDITS.c.ledger == _CHECKPOINTS.c.ledger
    query = sa.select(_CHECKPOINTS.c.ledger).join_from(_CHECKPOINTS, _AUDITS, same, isouter=True)
    stale = sa.or_(
        _AUDITS.c.ledger.is_(None),
        _AUDITS.c.revision < _CHECKPOINTS.c.revision,
        sa.not_(_AUDITS.c.audited_at.between(now - every, now + CLOCK_DIFFERENCE)),
    )
    live = _CHECKPOINTS.c.revision < CLOSED.revision
    return list(
        session.scalars(query.where(live, stale).order_by(_AUDITS.c.audited_at.asc().nulls_first()).limit(limit))
    )


def note(session: Session, ledger: LedgerId, revision: int, now: datetime, *, agreed: bool) -> None:
    """Stores an audit and its outcome."""
    values = {"revision": revision, "audited_at": now} | ({"agreed_at": now} if agreed else {})
    insert = insert_for(session, _AUDITS).values(ledger=ledger, drifts=0 if agreed else 1, **values)
    drifts = _AUDITS.c.drifts + (0 if agreed else 1)
    session.execute(insert.on_conflict_do_update(index_elements=["ledger"], set_=values | {"drifts": drifts}))


def last(session: Session, ledger: LedgerId) -> AuditRecord | None:
    """Returns the last audit of a ledger."""
    row = session.execute(sa.select(_AUDITS).where(_AUDITS.c.ledger == ledger)).one_or_none()
    return AuditRecord(row.revision, row.audited_at, row.agreed_at, row.drifts) if row else None
