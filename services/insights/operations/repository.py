"""Queries behind the operator's command. No decisions."""

from datetime import datetime

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.orm import Session

from chassis.database.engine import insert_for, table_of
from contracts.ids import LedgerId
from services.insights.tables import AuditRow, ParkedRow, SweepRow

_AUDITS, _PARKED, _SWEEPS = table_of(AuditRow), table_of(ParkedRow), table_of(SweepRow)

_ONLY = 1


class ParkedLedger(BaseModel):
    """A parked ledger, since when, and the entry that could not be applied."""

    ledger: LedgerId
    revision: int
    error: str
    parked_at: datetime


class LastSweep(BaseModel):
    """The last completed sweep, and the number of missing entries."""

    ended_at: datetime
    missing: int


class AuditSummary(BaseModel):
    """Results of audits: number of ledgers, of ledgers that agreed, and of differences ever found."""

    ledgers: int
    agreeing: int
    drifts: int
    last_at: datetime | None


def parked(session: Session, ledger: LedgerId | None = None) -> list[ParkedLedger]:
    """Returns the parked ledgers, the longest parked first, or only the given one."""
    query = sa.select(_PARKED).order_by(_PARKED.c.parked_at)
    rows = session.execute(query if ledger is None else query.where(_PARKED.c.ledger == ledger))
    return [ParkedLedger.model_validate(row, from_attributes=True) for row in rows]


def note_sweep(session: Session, missing: int, now: datetime) -> None:
    """Stores a completed sweep. Of several consumers, the last one counts."""
    values = {"ended_at": now, "missing": missing}
    insert = insert_for(session, _SWEEPS).values(id=_ONLY, **values)
    session.execute(insert.on_conflict_do_update(index_elements=["id"], set_=values))


def swept(session: Session) -> LastSweep | None:
    """Returns the last sweep."""
    row = session.execute(sa.select(_SWEEPS)).one_or_none()
    return LastSweep.model_validate(row, from_attributes=True) if row else None


def audits(session: Session) -> AuditSummary:
    """Returns the results of all audits."""
    agreeing = sa.func.count().filter(_AUDITS.c.agreed_at == _AUDITS.c.audited_at)
    query = sa.select(
        sa.func.count().label("ledgers"),
        agreeing.label("agreeing"),
        sa.func.coalesce(sa.func.sum(_AUDITS.c.drifts), 0).label("drifts"),
        sa.func.max(_AUDITS.c.audited_at).label("last_at"),
    )
    return AuditSummary.model_validate(session.execute(query).one(), from_attributes=True)
