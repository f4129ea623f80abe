"""Queries of sessions. No decisions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.engine import table_of
from contracts.ids import UserId
from services.auth.identity.tables import AccountRow, SessionRow


def add_session(session: Session, row: SessionRow) -> None:
    session.add(row)
    session.flush()


def session_by_id(session: Session, id_: UUID) -> SessionRow | None:
    """Returns the current row, even if this transaction read it before."""
    query = sa.select(SessionRow).where(SessionRow.id == id_)
    return session.scalar(query.execution_options(populate_existing=True))


def sessions_of(session: Session, account_id: UserId) -> Sequence[SessionRow]:
    """Returns the account's sessions, last used first."""
    query = sa.select(SessionRow).where(SessionRow.account == account_id)
    return session.scalars(query.order_by(SessionRow.used_at.desc(), SessionRow.id)).all()


def held_session(session: Session, id_: UUID) -> SessionRow | None:
    """Returns the current row, locked until this transaction ends."""
    query = sa.select(SessionRow).where(SessionRow.id == id_).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def confirm_sessions(session: Session, uses: Sequence[tuple[UUID, int, datetime]]) -> None:
    """Stores the moment of the first use of each (session, generation), if that is current and has none yet."""
    table = table_of(SessionRow)
    update = table.update().where(
        table.c.id == sa.bindparam("session"),
        table.c.generation == sa.bindparam("current"),
        table.c.confirmed_at.is_(None),
    )
    # Sorted, so that two batches cannot deadlock.
    rows = [{"session": id_, "current": generation, "moment": moment} for id_, generation, moment in sorted(uses)]
    if rows:
        session.execute(update.values(confirmed_at=sa.bindparam("moment")), rows)


def delete_session(session: Session, account_id: UserId, id_: UUID) -> bool:
    """Returns False if the user has no such session."""
    delete = sa.delete(SessionRow).where(SessionRow.id == id_, SessionRow.account == account_id)
    return session.execute(delete.returning(SessionRow.id)).one_or_none() is not None


def delete_sessions(session: Session, account_id: UserId, keep: UUID | None) -> Sequence[UUID]:
    """Deletes the user's sessions except `keep`, and returns their ids."""
    delete = sa.delete(SessionRow).where(SessionRow.account == account_id)
    delete = delete if keep is None else delete.where(SessionRow.id != keep)
    return session.scalars(delete.returning(SessionRow.id)).all()


def delete_old_sessions(session: Session, *, used_before: datetime, begun_before: datetime) -> None:
    has_expired = sa.or_(SessionRow.used_at < used_before, SessionRow.created_at < begun_before)
    session.execute(sa.delete(SessionRow).where(has_expired))


def has_session_from(session: Session, email_key: str, address: str) -> bool:
    """Whether a session of that account was last used from this IP address. Unknown accounts run the same query."""
    query = sa.select(SessionRow.id).join(AccountRow, AccountRow.id == SessionRow.account)
    query = query.where(AccountRow.email_key == email_key, SessionRow.address == address)
    return session.scalar(query.limit(1)) is not None
