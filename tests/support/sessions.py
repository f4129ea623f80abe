"""Sessions of a running auth, as a test may bend them."""

from datetime import timedelta

import sqlalchemy as sa

from chassis.database.engine import Database
from services.auth.identity.tables import SessionRow


def let_time_pass(database: Database) -> None:
    """For all sessions: two minutes. auth measures by wall clock what its process did not store itself."""
    span = timedelta(minutes=2)
    with database.write() as session:
        for row in session.scalars(sa.select(SessionRow)):
            row.issued_at -= span
            row.used_at -= span
            row.confirmed_at = row.confirmed_at and row.confirmed_at - span
        session.flush()
