"""Queries of login attempts. No decisions."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.engine import insert_for
from chassis.process.clock import CLOCK_DIFFERENCE
from services.auth.identity.tables import (
    LoginAttemptRow,
)


def count_attempt(
    session: Session, key: bytes, now: datetime, longest: timedelta, forgotten_after: timedelta
) -> int | None:
    """Counts an attempt; returns the number so far, or None if the next is not allowed yet. The row stays locked.

    `longest` is the longest pause: a later `open_at` was stored by a wrong clock, and is ignored.
    Counting restarts if the last attempt is older than `forgotten_after`, or apparently in the future.
    """
    insert = insert_for(session, LoginAttemptRow).values(key=key, failures=1, tried_at=now, open_at=now)
    is_open = sa.or_(LoginAttemptRow.open_at <= now, LoginAttemptRow.open_at > now + longest + CLOCK_DIFFERENCE)
    is_recent = LoginAttemptRow.tried_at.between(now - forgotten_after, now + CLOCK_DIFFERENCE)
    upsert = insert.on_conflict_do_update(
        index_elements=["key"],
        set_={"failures": sa.case((is_recent, LoginAttemptRow.failures + 1), else_=1), "tried_at": now},
        where=is_open,
    )
    failures: int | None = session.scalar(upsert.returning(LoginAttemptRow.failures))
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
