"""Queries of erasures. No decisions."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.engine import delete, table_of
from contracts.erasure import ErasureResult
from contracts.ids import LedgerId, UserId
from services.auth.identity.tables import AccountRow, Base, ErasureRow, LedgerRow, MemberRow


def delete_account(session: Session, account: UserId) -> dict[str, int]:
    """The account and every row that refers to it."""
    return _delete(session, table_of(AccountRow), [account])


def delete_ledgers(session: Session, ledgers: Collection[LedgerId]) -> dict[str, int]:
    """Ledgers and every row that refers to one of them."""
    return _delete(session, table_of(LedgerRow), ledgers)


def _delete(session: Session, table: sa.Table, ids: Collection[UUID]) -> dict[str, int]:
    # By construction: a table that is added later is emptied too, if only it says what its columns refer to.
    deleted = {}
    for dependent in reversed(Base.metadata.sorted_tables):
        columns = [key.parent for key in dependent.foreign_keys if key.column.table is table]
        if columns:
            deleted[dependent.name] = delete(session, dependent, sa.or_(*(column.in_(ids) for column in columns)))
    return deleted | {table.name: delete(session, table, table.c.id.in_(ids))}


def ledgers_with_members(session: Session, account: UserId) -> Sequence[tuple[LedgerRow, list[MemberRow]]]:
    """The ledgers of a person, each with everybody who is in it."""
    own = sa.select(MemberRow.ledger).where(MemberRow.account == account)
    query = sa.select(LedgerRow, MemberRow).join(MemberRow, MemberRow.ledger == LedgerRow.id)
    found: dict[LedgerId, tuple[LedgerRow, list[MemberRow]]] = {}
    for ledger, member in session.execute(query.where(LedgerRow.id.in_(own)).order_by(LedgerRow.name)):
        found.setdefault(ledger.id, (ledger, []))[1].append(member)
    return list(found.values())


def add(session: Session, rows: Sequence[ErasureRow]) -> None:
    session.add_all(rows)
    session.flush()


def parts(session: Session, receipt: UUID) -> Sequence[ErasureRow]:
    """One erasure, service by service."""
    return session.scalars(
        sa.select(ErasureRow).where(ErasureRow.receipt == receipt).order_by(ErasureRow.service)
    ).all()


def erased_ledgers(session: Session) -> set[LedgerId]:
    """Every ledger that was ever erased, as far as this database knows."""
    rows = session.scalars(sa.select(ErasureRow.ledgers))
    return {LedgerId(UUID(ledger)) for ledgers in rows for ledger in ledgers}


def unconfirmed(session: Session, service: str, limit: int) -> Sequence[ErasureRow]:
    """What one service has yet to confirm, oldest first."""
    query = sa.select(ErasureRow).where(ErasureRow.service == service, ErasureRow.confirmed_at.is_(None))
    return session.scalars(query.order_by(ErasureRow.asked_at, ErasureRow.receipt).limit(limit)).all()


def confirm(session: Session, row: ErasureRow, erased: ErasureResult, now: datetime) -> None:
    """Once: the first confirmation counts."""
    own = (ErasureRow.receipt == row.receipt, ErasureRow.service == row.service, ErasureRow.confirmed_at.is_(None))
    session.execute(
        sa.update(ErasureRow)
        .where(*own)
        .values(deleted=dict(erased.deleted), confirmed_at=now, copies_until=erased.copies_until)
    )
