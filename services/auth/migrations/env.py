"""Runs auth's migrations; Alembic loads this file."""

from chassis.database.migrations import run
from services.auth.tables import Base

run(Base.metadata)
