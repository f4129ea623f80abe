"""Auth's queries. No decisions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.engine import insert_for, table_of
from contracts.identity_journal import IDENTITY
from contracts.ids import UserId
from services.auth.tables import AccountRow, Base, JournalRow, LedgerRow, MemberRow, SessionRow, SigningKeyRow


def account(session: Session, id_: UUID) -> AccountRow | None:
    return session.get(AccountRow, id_)


def held_account(session: Session, id_: UUID) -> AccountRow | None:
    """Returns the current row, locked until this transaction ends."""
    return session.get(AccountRow, id_, with_for_update={"key_share": True}, populate_existing=True)


def account_by_email(session: Session, email_key: str) -> AccountRow | None:
    return session.scalar(sa.select(AccountRow).where(AccountRow.email_key == email_key))


def newest_identity_entry(session: Session) -> UUID | None:
    """The id of the newest entry of the identity journal that is written; None before the first."""
    return session.scalar(sa.select(JournalRow.tail).where(JournalRow.id == IDENTITY))


def accounts(session: Session) -> Sequence[AccountRow]:
    """Oldest first."""
    return session.scalars(sa.select(AccountRow).order_by(AccountRow.created_at, AccountRow.id)).all()


def has_accounts(session: Session) -> bool:
    return session.scalar(sa.select(sa.exists().select_from(AccountRow))) or False


def has_administrators(session: Session) -> bool:
    return session.scalar(sa.select(sa.exists().where(AccountRow.admin))) or False


def add_account(session: Session, row: AccountRow) -> bool:
    """False where the email address has an account; of two at once, one is told so."""
    insert = insert_for(session, AccountRow).values(_columns(row)).on_conflict_do_nothing(index_elements=["email_key"])
    return session.execute(insert.returning(AccountRow.id)).one_or_none() is not None


def add_ledger(session: Session, ledger: LedgerRow, owner: MemberRow) -> None:
    session.add(ledger)
    session.flush()
    session.add(owner)
    session.flush()


def ledger(session: Session, id_: UUID) -> LedgerRow | None:
    return session.get(LedgerRow, id_)


def memberships(session: Session, account_id: UserId, limit: int) -> Sequence[tuple[LedgerRow, MemberRow]]:
    """The ledgers of a person: the personal one, then the others by age."""
    query = (
        sa.select(LedgerRow, MemberRow)
        .join(MemberRow, MemberRow.ledger == LedgerRow.id)
        .where(MemberRow.account == account_id)
        .order_by(LedgerRow.id != account_id, LedgerRow.created_at, LedgerRow.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def add_session(session: Session, row: SessionRow) -> None:
    session.add(row)
    session.flush()


def session_by_id(session: Session, id_: UUID) -> SessionRow | None:
    """As it stands now, whatever this transaction read before."""
    query = sa.select(SessionRow).where(SessionRow.id == id_)
    return session.scalar(query.execution_options(populate_existing=True))


def sessions_of(session: Session, account_id: UserId) -> Sequence[SessionRow]:
    """Last used first."""
    query = sa.select(SessionRow).where(SessionRow.account == account_id)
    return session.scalars(query.order_by(SessionRow.used_at.desc(), SessionRow.id)).all()


def held_session(session: Session, id_: UUID) -> SessionRow | None:
    """As it stands now; other transactions wait for its row until this one has ended."""
    query = sa.select(SessionRow).where(SessionRow.id == id_).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def confirm_sessions(session: Session, uses: Sequence[tuple[UUID, int, datetime]]) -> None:
    """Stores the first use of (session, generation) at a moment, where it is the current one and had none."""
    table = table_of(SessionRow)
    update = table.update().where(
        table.c.id == sa.bindparam("session"),
        table.c.generation == sa.bindparam("current"),
        table.c.confirmed_at.is_(None),
    )
    # In one order for all, so that two batches cannot wait for each other.
    rows = [{"session": id_, "current": generation, "moment": moment} for id_, generation, moment in sorted(uses)]
    if rows:
        session.execute(update.values(confirmed_at=sa.bindparam("moment")), rows)


def delete_session(session: Session, account_id: UserId, id_: UUID) -> bool:
    """False where this person has no such session."""
    delete = sa.delete(SessionRow).where(SessionRow.id == id_, SessionRow.account == account_id)
    return session.execute(delete.returning(SessionRow.id)).one_or_none() is not None


def delete_sessions(session: Session, account_id: UserId, keep: UUID | None) -> Sequence[UUID]:
    """All of a person's sessions but that one; which they were."""
    delete = sa.delete(SessionRow).where(SessionRow.account == account_id)
    delete = delete if keep is None else delete.where(SessionRow.id != keep)
    return session.scalars(delete.returning(SessionRow.id)).all()


def delete_old_sessions(session: Session, *, used_before: datetime, begun_before: datetime) -> None:
    over = sa.or_(SessionRow.used_at < used_before, SessionRow.created_at < begun_before)
    session.execute(sa.delete(SessionRow).where(over))


def signing_keys(session: Session) -> Sequence[SigningKeyRow]:
    """Oldest first."""
    return session.scalars(sa.select(SigningKeyRow).order_by(SigningKeyRow.number)).all()


def add_signing_key(session: Session, row: SigningKeyRow) -> None:
    """Does nothing where another instance was first."""
    session.execute(insert_for(session, SigningKeyRow).values(_columns(row)).on_conflict_do_nothing())


def delete_signing_keys(session: Session, numbers: Sequence[int]) -> None:
    session.execute(sa.delete(SigningKeyRow).where(SigningKeyRow.number.in_(numbers)))


def _columns(row: Base) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in sa.inspect(type(row)).columns}
