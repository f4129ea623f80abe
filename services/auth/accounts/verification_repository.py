"""Queries of links that verify email addresses. No decisions."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.process.clock import remaining
from contracts.ids import UserId
from services.auth.expiry import is_valid
from services.auth.identity.tables import EmailVerificationRow
from services.auth.settings import VERIFICATION_LIFETIME


def add(session: Session, row: EmailVerificationRow) -> None:
    session.add(row)
    session.flush()


def by_hash(session: Session, token_hash: bytes, now: datetime) -> EmailVerificationRow | None:
    """Returns the row of a link, or None if it is unknown or expired."""
    row = session.get(EmailVerificationRow, token_hash)
    return row if row is not None and remaining(row.expires_at, now, VERIFICATION_LIFETIME) else None


def delete_of(session: Session, account: UserId) -> None:
    session.execute(sa.delete(EmailVerificationRow).where(EmailVerificationRow.account == account))


def delete_old(session: Session, now: datetime) -> None:
    valid = is_valid(EmailVerificationRow.expires_at, now, VERIFICATION_LIFETIME)
    session.execute(sa.delete(EmailVerificationRow).where(sa.not_(valid)))
