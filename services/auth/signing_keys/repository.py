"""Queries of signing keys. No decisions."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.engine import insert_for, row_values
from services.auth.identity.tables import SigningKeyRow


def signing_keys(session: Session) -> Sequence[SigningKeyRow]:
    """Returns all keys, oldest first."""
    return session.scalars(sa.select(SigningKeyRow).order_by(SigningKeyRow.number)).all()


def add_signing_key(session: Session, row: SigningKeyRow) -> None:
    """Does nothing if another instance has stored the same number first."""
    session.execute(insert_for(session, SigningKeyRow).values(row_values(row)).on_conflict_do_nothing())


def delete_signing_keys(session: Session, numbers: Sequence[int]) -> None:
    session.execute(sa.delete(SigningKeyRow).where(SigningKeyRow.number.in_(numbers)))
