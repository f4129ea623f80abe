"""Queries of invitations to the installation. No decisions."""

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
    """Returns the invitations that have not expired, newest first."""
    query = sa.select(RegistrationInvitationRow).where(is_valid(RegistrationInvitationRow.expires_at, now, life))
    return session.scalars(
        query.order_by(RegistrationInvitationRow.created_at.desc(), RegistrationInvitationRow.id)
    ).all()


def is_invited(session: Session, token_hash: bytes, now: datetime, life: timedelta) -> bool:
    valid = is_valid(RegistrationInvitationRow.expires_at, now, life)
    return (
        session.scalar(
            sa.select(RegistrationInvitationRow.id).where(RegistrationInvitationRow.token_hash == token_hash, valid)
        )
        is not None
    )


def use_invitation(session: Session, token_hash: bytes, now: datetime, life: timedelta) -> bool:
    """Deletes an invitation; returns False if it is unknown, used or expired. Of two concurrent calls one succeeds."""
    valid = sa.and_(
        RegistrationInvitationRow.token_hash == token_hash, is_valid(RegistrationInvitationRow.expires_at, now, life)
    )
    return (
        session.scalar(sa.delete(RegistrationInvitationRow).where(valid).returning(RegistrationInvitationRow.id))
        is not None
    )


def delete_invitation(session: Session, id_: UUID) -> bool:
    delete = sa.delete(RegistrationInvitationRow).where(RegistrationInvitationRow.id == id_)
    return session.scalar(delete.returning(RegistrationInvitationRow.id)) is not None


def delete_old_invitations(session: Session, now: datetime, life: timedelta) -> None:
    session.execute(
        sa.delete(RegistrationInvitationRow).where(sa.not_(is_valid(RegistrationInvitationRow.expires_at, now, life)))
    )
