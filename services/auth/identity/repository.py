"""Queries of accounts, ledgers and memberships. No decisions."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.engine import insert_for, row_values
from contracts.identity_journal import IDENTITY
from contracts.ids import UserId
from services.auth.identity.tables import AccountRow, JournalRow, LedgerRow, MemberRow


def account(session: Session, id_: UUID) -> AccountRow | None:
    return session.get(AccountRow, id_)


def held_account(session: Session, id_: UUID) -> AccountRow | None:
    """Returns the current row, locked until this transaction ends."""
    return session.get(AccountRow, id_, with_for_update={"key_share": True}, populate_existing=True)


def account_by_email(session: Session, email_key: str) -> AccountRow | None:
    return session.scalar(sa.select(AccountRow).where(AccountRow.email_key == email_key))


def newest_identity_entry(session: Session) -> UUID | None:
    """Returns the id of the newest committed entry of the identity journal, or None before the first."""
    return session.scalar(sa.select(JournalRow.tail).where(JournalRow.id == IDENTITY))


def accounts(session: Session) -> Sequence[AccountRow]:
    """Returns all accounts, oldest first."""
    return session.scalars(sa.select(AccountRow).order_by(AccountRow.created_at, AccountRow.id)).all()


def has_accounts(session: Session) -> bool:
    return session.scalar(sa.select(sa.exists().select_from(AccountRow))) or False


def has_administrators(session: Session) -> bool:
    return session.scalar(sa.select(sa.exists().where(AccountRow.admin))) or False


def add_account(session: Session, row: AccountRow) -> bool:
    """Returns False if the email address has an account. Of two concurrent calls only one succeeds."""
    insert = (
        insert_for(session, AccountRow).values(row_values(row)).on_conflict_do_nothing(index_elements=["email_key"])
    )
    return session.execute(insert.returning(AccountRow.id)).one_or_none() is not None


def add_ledger(session: Session, ledger: LedgerRow, owner: MemberRow) -> None:
    session.add(ledger)
    session.flush()
    session.add(owner)
    session.flush()


def ledger(session: Session, id_: UUID) -> LedgerRow | None:
    return session.get(LedgerRow, id_)


def memberships(session: Session, account_id: UserId, limit: int) -> Sequence[tuple[LedgerRow, MemberRow]]:
    """Returns a user's ledgers: the personal one, then the others by age."""
    query = (
        sa.select(LedgerRow, MemberRow)
        .join(MemberRow, MemberRow.ledger == LedgerRow.id)
        .where(MemberRow.account == account_id)
        .order_by(LedgerRow.id != account_id, LedgerRow.created_at, LedgerRow.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(query)]
