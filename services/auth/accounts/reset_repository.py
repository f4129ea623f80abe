"""Queries of password reset links. No decisions."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts.ids import UserId
from services.auth.expiry import is_valid
from services.auth.identity.tables import AccountRow, PasswordResetRow


def add_reset(session: Session, row: PasswordResetRow) -> None:
    session.add(row)
    session.flush()


def account_to_reset(session: Session, token_hash: bytes, now: datetime, life: timedelta) -> AccountRow | None:
    """Returns the account whose password the link resets, or None for an unknown or expired link."""
    query = sa.select(AccountRow).join(PasswordResetRow, PasswordResetRow.account == AccountRow.id)
    return session.scalar(
        query.where(PasswordResetRow.token_hash == token_hash, is_valid(PasswordResetRow.expires_at, now, life))
    )


def is_mailed_reset(session: Session, token_hash: bytes) -> bool:
    """Whether the link was emailed to the account's address."""
    return session.scalar(sa.select(PasswordResetRow.mailed).where(PasswordResetRow.token_hash == token_hash)) or False


def delete_resets(session: Session, account: UserId) -> None:
    session.execute(sa.delete(PasswordResetRow).where(PasswordResetRow.account == account))


def delete_old_resets(session: Session, now: datetime, life: timedelta) -> None:
    session.execute(sa.delete(PasswordResetRow).where(sa.not_(is_valid(PasswordResetRow.expires_at, now, life))))
