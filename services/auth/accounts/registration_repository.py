"""Queries of invitations to this installation. No decisions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.auth.expiry import is_valid
from services.auth.identity.tables import (
    RegistrationInvitationRow,
)


def add_invitation(session: Session, row: RegistrationInvitationRow) -> None:
    session.add(row)
    session.flush()


def invitations(session: Session, now: datetime, life: timedelta) -> Sequence[RegistrationInvitationRow]:
    """Those that are still good, newest first."""
    query = sa.select(RegistrationInvitationRow).where(is_valid(RegistrationInvitationRow.expires_at, now, life))
    return session.scalars(
        query.order_by(RegistrationInvitationRow.created_at.desc(), RegistrationInvitationRow.id)
    ).all()


def is_invited(session: Session, token_hash: bytes, now: datetime, life: timedelta) -> bool:
    good = is_valid(RegistrationInvitationRow.expires_at, now, life)
    return (
        session.scalar(
            sa.select(RegistrationInvitationRow.id).where(RegistrationInvitationRow.token_hash == token_hash, good)
        )
        is not None
    )


def use_invitation(session: Session, token_hash: bytes, now: datetime, life: timedelta) -> bool:
    """False where it was used before, or is too old; of two at once, one gets it."""
    good = sa.and_(
        RegistrationInvitationRow.token_hash == token_hash, is_valid(RegistrationInvitationRow.expires_at, now, life)
    )
    return (
        session.scalar(sa.delete(RegistrationInvitationRow).where(good).returning(RegistrationInvitationRow.id))
        is not None
    )


def delete_invitation(session: Session, id_: UUID) -> bool:
    delete = sa.delete(RegistrationInvitationRow).where(RegistrationInvitationRow.id == id_)
    return session.scalar(delete.returning(RegistrationInvitationRow.id)) is not None


def delete_old_invitations(session: Session, now: datetime, life: timedelta) -> None:
    session.execute(
        sa.delete(RegistrationInvitationRow).where(sa.not_(is_valid(RegistrationInvitationRow.expires_at, now, life)))
    )
