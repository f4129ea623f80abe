"""Queries of login attempts, reset links and invitations. No decisions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from chassis.database.engine import insert_for
from chassis.process.clock import CLOCK_DIFFERENCE
from contracts.ids import UserId
from services.auth.tables import AccountRow, LoginAttemptRow, PasswordResetRow, RegistrationInvitationRow, SessionRow


def count_attempt(
    session: Session, key: bytes, now: datetime, longest: timedelta, forgotten_after: timedelta
) -> int | None:
    """Counts one more; returns how many there are, or None where the next is not let in yet. The row stays locked.

    `longest` is the longest pause: a moment that is further ahead was stored by a wrong clock, and is ignored.
    Counting begins anew where the last try is older than `forgotten_after`, or apparently in the future.
    """
    insert = insert_for(session, LoginAttemptRow).values(key=key, failures=1, tried_at=now, open_at=now)
    is_open = sa.or_(LoginAttemptRow.open_at <= now, LoginAttemptRow.open_at > now + longest + CLOCK_DIFFERENCE)
    is_recent = LoginAttemptRow.tried_at.between(now - forgotten_after, now + CLOCK_DIFFERENCE)
    counted = insert.on_conflict_do_update(
        index_elements=["key"],
        set_={"failures": sa.case((is_recent, LoginAttemptRow.failures + 1), else_=1), "tried_at": now},
        where=is_open,
    )
    failures: int | None = session.scalar(counted.returning(LoginAttemptRow.failures))
    return failures


def open_at(session: Session, key: bytes) -> datetime | None:
    return session.scalar(sa.select(LoginAttemptRow.open_at).where(LoginAttemptRow.key == key))


def close_until(session: Session, key: bytes, moment: datetime) -> None:
    session.execute(sa.update(LoginAttemptRow).where(LoginAttemptRow.key == key).values(open_at=moment))


def uncount_attempt(session: Session, key: bytes, now: datetime) -> None:
    session.execute(
        sa.update(LoginAttemptRow)
        .where(LoginAttemptRow.key == key)
        .values(failures=LoginAttemptRow.failures - 1, open_at=now)
    )


def delete_attempts(session: Session, key: bytes) -> None:
    session.execute(sa.delete(LoginAttemptRow).where(LoginAttemptRow.key == key))


def delete_old_attempts(session: Session, before: datetime) -> None:
    session.execute(sa.delete(LoginAttemptRow).where(LoginAttemptRow.tried_at < before))


def has_session_from(session: Session, email_key: str, address: str) -> bool:
    """Whether a session of that account was last used from there; the same query where there is no such account."""
    query = sa.select(SessionRow.id).join(AccountRow, AccountRow.id == SessionRow.account)
    query = query.where(AccountRow.email_key == email_key, SessionRow.address == address)
    return session.scalar(query.limit(1)) is not None


def add_reset(session: Session, row: PasswordResetRow) -> None:
    session.add(row)
    session.flush()


def account_to_reset(session: Session, token_hash: bytes, now: datetime, life: timedelta) -> AccountRow | None:
    """Whose password that link sets, while it is good."""
    query = sa.select(AccountRow).join(PasswordResetRow, PasswordResetRow.account == AccountRow.id)
    return session.scalar(
        query.where(PasswordResetRow.token_hash == token_hash, is_valid(PasswordResetRow.expires_at, now, life))
    )


def is_mailed_reset(session: Session, token_hash: bytes) -> bool:
    """Whether that link was sent to the address of the account."""
    return session.scalar(sa.select(PasswordResetRow.mailed).where(PasswordResetRow.token_hash == token_hash)) or False


def delete_resets(session: Session, account: UserId) -> None:
    session.execute(sa.delete(PasswordResetRow).where(PasswordResetRow.account == account))


def delete_old_resets(session: Session, now: datetime, life: timedelta) -> None:
    session.execute(sa.delete(PasswordResetRow).where(sa.not_(is_valid(PasswordResetRow.expires_at, now, life))))


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


def is_valid(expires_at: InstrumentedAttribute[datetime], now: datetime, life: timedelta) -> sa.ColumnElement[bool]:
    """Whether a link that is good for `life` has neither expired nor been made by a clock that was ahead."""
    return sa.and_(expires_at > now, expires_at <= now + life + CLOCK_DIFFERENCE)
