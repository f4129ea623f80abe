"""Queries about those who are not in yet: wrong tries, links that let somebody in. No decisions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database import insert_for
from services.auth.models import AccountRow, InvitationRow, ResetRow, SessionRow, TryRow


def count_try(session: Session, key: bytes, now: datetime) -> int | None:
    """One more; how many there are now, or None where the next is not let in yet. The row stays locked."""
    insert = insert_for(session, TryRow).values(key=key, failures=1, tried_at=now, open_at=now)
    counted = insert.on_conflict_do_update(
        index_elements=["key"],
        set_={"failures": TryRow.failures + 1, "tried_at": now},
        where=TryRow.open_at <= now,
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


def account_to_reset(session: Session, token_hash: bytes, now: datetime) -> AccountRow | None:
    """Whose password that link sets, while it is good."""
    query = sa.select(AccountRow).join(ResetRow, ResetRow.account == AccountRow.id)
    return session.scalar(query.where(ResetRow.token_hash == token_hash, ResetRow.expires_at > now))


def delete_resets(session: Session, account: UUID) -> None:
    session.execute(sa.delete(ResetRow).where(ResetRow.account == account))


def delete_old_resets(session: Session, now: datetime) -> None:
    session.execute(sa.delete(ResetRow).where(ResetRow.expires_at <= now))


def add_invitation(session: Session, row: InvitationRow) -> None:
    session.add(row)
    session.flush()


def invitations(session: Session, now: datetime) -> Sequence[InvitationRow]:
    """Those that are still good, newest first."""
    query = sa.select(InvitationRow).where(InvitationRow.expires_at > now)
    return session.scalars(query.order_by(InvitationRow.created_at.desc(), InvitationRow.id)).all()


def is_invited(session: Session, token_hash: bytes, now: datetime) -> bool:
    query = sa.select(InvitationRow.id).where(InvitationRow.token_hash == token_hash, InvitationRow.expires_at > now)
    return session.scalar(query) is not None


def use_invitation(session: Session, token_hash: bytes, now: datetime) -> bool:
    """False where it was used before, or is too old; of two at once, one gets it."""
    good = sa.and_(InvitationRow.token_hash == token_hash, InvitationRow.expires_at > now)
    return session.scalar(sa.delete(InvitationRow).where(good).returning(InvitationRow.id)) is not None


def delete_invitation(session: Session, id_: UUID) -> bool:
    delete = sa.delete(InvitationRow).where(InvitationRow.id == id_)
    return session.scalar(delete.returning(InvitationRow.id)) is not None


def delete_old_invitations(session: Session, now: datetime) -> None:
    session.execute(sa.delete(InvitationRow).where(InvitationRow.expires_at <= now))
