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
    """Deletes the account and every row that refers to it. Returns the number of deleted rows by table."""
    return _delete(session, table_of(AccountRow), [account])


def delete_ledgers(session: Session, ledgers: Collection[LedgerId]) -> dict[str, int]:
    """Deletes ledgers and every row that refers to them. Returns the number of deleted rows by table."""
    return _delete(session, table_of(LedgerRow), ledgers)


def _delete(session: Session, table: sa.Table, ids: Collection[UUID]) -> dict[str, int]:
    # By foreign keys, so that tables added later are included.
    deleted = {}
    for dependent in reversed(Base.metadata.sorted_tables):
        columns = [key.parent for key in dependent.foreign_keys if key.column.table is table]
        if columns:
            deleted[dependent.name] = delete(session, dependent, sa.or_(*(column.in_(ids) for column in columns)))
    return deleted | {table.name: delete(session, table, table.c.id.in_(ids))}


def ledgers_with_members(session: Session, account: UserId) -> Sequence[tuple[LedgerRow, list[MemberRow]]]:
    """Returns the ledgers of a user, each with all its members."""
    own = sa.select(MemberRow.ledger).where(MemberRow.account == account)
    query = sa.select(LedgerRow, MemberRow).join(MemberRow, MemberRow.ledger == LedgerRow.id)
    ledgers: dict[LedgerId, tuple[LedgerRow, list[MemberRow]]] = {}
    for ledger, member in session.execute(query.where(LedgerRow.id.in_(own)).order_by(LedgerRow.name)):
        ledgers.setdefault(ledger.id, (ledger, []))[1].append(member)
    return list(ledgers.values())


def add(session: Session, rows: Sequence[ErasureRow]) -> None:
    session.add_all(rows)
    session.flush()


def parts(session: Session, receipt: UUID) -> Sequence[ErasureRow]:
    """Returns the rows of one erasure, one for each service."""
    return session.scalars(
        sa.select(ErasureRow).where(ErasureRow.receipt == receipt).order_by(ErasureRow.service)
    ).all()


def erased_ledgers(session: Session) -> set[LedgerId]:
    """Returns the ids of all erased ledgers that this database knows."""
    rows = session.scalars(sa.select(ErasureRow.ledgers))
    return {LedgerId(UUID(ledger)) for ledgers in rows for ledger in ledgers}


def unconfirmed(session: Session, service: str, limit: int) -> Sequence[ErasureRow]:
    """Returns the erasures that a service has not confirmed, oldest first."""
    query = sa.select(ErasureRow).where(ErasureRow.service == service, ErasureRow.confirmed_at.is_(None))
    return session.scalars(query.order_by(ErasureRow.asked_at, ErasureRow.receipt).limit(limit)).all()


def confirm(session: Session, row: ErasureRow, erased: ErasureResult, now: datetime) -> None:
    """Stores the first confirmation, and ignores later ones."""
    own = (ErasureRow.receipt == row.receipt, ErasureRow.service == row.service, ErasureRow.confirmed_at.is_(None))
    session.execute(
        sa.update(ErasureRow)
        .where(*own)
        .values(deleted=dict(erased.deleted), confirmed_at=now, copies_until=erased.copies_until)
    )
