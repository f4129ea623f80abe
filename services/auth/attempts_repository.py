"""Queries about those who are not in yet: wrong tries, links that let somebody in. No decisions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from chassis.database.engine import insert_for
from chassis.process.clock import CLOCK_DIFFERENCE
from services.auth.tables import AccountRow, InvitationRow, ResetRow, SessionRow, TryRow


def count_try(
    session: Session, key: bytes, now: datetime, longest: timedelta, forgotten_after: timedelta
) -> int | None:
    """Counts one more; returns how many there are, or None where the next is not let in yet. The row stays locked.

    `longest` is the longest pause: a moment that is further ahead was stored by a wrong clock, and is ignored.
    Counting begins anew where the last try is older than `forgotten_after`, or apparently in the future.
    """
    insert = insert_for(session, TryRow).values(key=key, failures=1, tried_at=now, open_at=now)
    is_open = sa.or_(TryRow.open_at <= now, TryRow.open_at > now + longest + CLOCK_DIFFERENCE)
    is_recent = TryRow.tried_at.between(now - forgotten_after, now + CLOCK_DIFFERENCE)
    counted = insert.on_conflict_do_update(
        index_elements=["key"],
        set_={"failures": sa.case((is_recent, TryRow.failures + 1), else_=1), "tried_at": now},
        where=is_open,
    )
    failures: int | None = session.scalar(counted.returning(TryRow.failures))
    return failures


def open_at(session: Session, key: bytes) -> datetime | None:
    return session.scalar(sa.select(TryRow.open_at).where(TryRow.key == key))


def close_until(session: Session, key: bytes, moment: datetime) -> None:
    session.execute(sa.update(TryRow).where(TryRow.key == key).values(open_at=moment))


def uncount_try(session: Session, key: bytes, now: datetime) -> None:
    session.execute(sa.update(TryRow).where(TryRow.key == key).values(failures=TryRow.failures - 1, open_at=now))


def forget_tries(session: Session, key: bytes) -> None:
    session.execute(sa.delete(TryRow).where(TryRow.key == key))


def delete_old_tries(session: Session, before: datetime) -> None:
    session.execute(sa.delete(TryRow).where(TryRow.tried_at < before))


def is_signed_in_at(session: Session, email_key: str, address: str) -> bool:
    """Whether a session of that account was last used from there; the same query where there is no such account."""
    query = sa.select(SessionRow.id).join(AccountRow, AccountRow.id == SessionRow.account)
    query = query.where(AccountRow.email_key == email_key, SessionRow.address == address)
    return session.scalar(query.limit(1)) is not None


def add_reset(session: Session, row: ResetRow) -> None:
    session.add(row)
    session.flush()


def account_to_reset(session: Session, token_hash: bytes, now: datetime, life: timedelta) -> AccountRow | None:
    """Whose password that link sets, while it is good."""
    query = sa.select(AccountRow).join(ResetRow, ResetRow.account == AccountRow.id)
    return session.scalar(query.where(ResetRow.token_hash == token_hash, is_good(ResetRow.expires_at, now, life)))


def is_mailed_reset(session: Session, token_hash: bytes) -> bool:
    """Whether that link was sent to the address of the account."""
    return session.scalar(sa.select(ResetRow.mailed).where(ResetRow.token_hash == token_hash)) or False


def delete_resets(session: Session, account: UUID) -> None:
    session.execute(sa.delete(ResetRow).where(ResetRow.account == account))


def delete_old_resets(session: Session, now: datetime, life: timedelta) -> None:
    session.execute(sa.delete(ResetRow).where(sa.not_(is_good(ResetRow.expires_at, now, life))))


def add_invitation(session: Session, row: InvitationRow) -> None:
    session.add(row)
    session.flush()


def invitations(session: Session, now: datetime, life: timedelta) -> Sequence[InvitationRow]:
    """Those that are still good, newest first."""
    query = sa.select(InvitationRow).where(is_good(InvitationRow.expires_at, now, life))
    return session.scalars(query.order_by(InvitationRow.created_at.desc(), InvitationRow.id)).all()


def is_invited(session: Session, token_hash: bytes, now: datetime, life: timedelta) -> bool:
    good = is_good(InvitationRow.expires_at, now, life)
    return session.scalar(sa.select(InvitationRow.id).where(InvitationRow.token_hash == token_hash, good)) is not None


def use_invitation(session: Session, token_hash: bytes, now: datetime, life: timedelta) -> bool:
    """False where it was used before, or is too old; of two at once, one gets it."""
    good = sa.and_(InvitationRow.token_hash == token_hash, is_good(InvitationRow.expires_at, now, life))
    return session.scalar(sa.delete(InvitationRow).where(good).returning(InvitationRow.id)) is not None


def delete_invitation(session: Session, id_: UUID) -> bool:
    delete = sa.delete(InvitationRow).where(InvitationRow.id == id_)
    return session.scalar(delete.returning(InvitationRow.id)) is not None


def delete_old_invitations(session: Session, now: datetime, life: timedelta) -> None:
    session.execute(sa.delete(InvitationRow).where(sa.not_(is_good(InvitationRow.expires_at, now, life))))


def is_good(expires_at: InstrumentedAttribute[datetime], now: datetime, life: timedelta) -> sa.ColumnElement[bool]:
    """Whether a link that is good for `life` has neither expired nor been made by a clock that was ahead."""
    return sa.and_(expires_at > now, expires_at <= now + life + CLOCK_DIFFERENCE)
