"""Runs auth's migrations; Alembic loads this file."""

from chassis.migrations import run
from services.auth.models import Base

run(Base.metadata)
