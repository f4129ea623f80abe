"""Runs auth's migrations; Alembic loads this file."""

from chassis.database.migrations import run
from services.auth.identity.tables import Base

run(Base.metadata)
