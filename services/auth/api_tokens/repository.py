"""Queries of API tokens. No decisions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.process.clock import Clock
from contracts.ids import UserId
from services.auth.identity.tables import ApiTokenRow


def add(session: Session, row: ApiTokenRow) -> None:
    session.add(row)
    session.flush()


def by_id(session: Session, id_: UUID) -> ApiTokenRow | None:
    return session.get(ApiTokenRow, id_)


def is_valid(session: Session, id_: UUID, clock: Clock) -> bool:
    """Whether the token exists and has not expired."""
    row = by_id(session, id_)
    return row is not None and not row.has_expired(clock())


def by_hash(session: Session, token_hash: bytes) -> ApiTokenRow | None:
    return session.scalar(sa.select(ApiTokenRow).where(ApiTokenRow.token_hash == token_hash))


def of_account(session: Session, account: UserId) -> Sequence[ApiTokenRow]:
    """Returns the account's tokens, newest first."""
    query = sa.select(ApiTokenRow).where(ApiTokenRow.account == account)
    return session.scalars(query.order_by(ApiTokenRow.created_at.desc(), ApiTokenRow.id.desc())).all()


def delete(session: Session, account: UserId, id_: UUID) -> bool:
    """Returns False if the account has no such token."""
    statement = sa.delete(ApiTokenRow).where(ApiTokenRow.id == id_, ApiTokenRow.account == account)
    return session.execute(statement.returning(ApiTokenRow.id)).one_or_none() is not None


def delete_all(session: Session, account: UserId) -> Sequence[UUID]:
    """Deletes all tokens of an account, and returns their ids."""
    statement = sa.delete(ApiTokenRow).where(ApiTokenRow.account == account)
    return session.scalars(statement.returning(ApiTokenRow.id)).all()


def note_use(session: Session, id_: UUID, now: datetime) -> None:
    session.execute(sa.update(ApiTokenRow).where(ApiTokenRow.id == id_).values(used_at=now))
