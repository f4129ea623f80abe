"""Alembic's entry: migrates inside the transaction that chassis.migrations.upgrade holds."""

from chassis.migrations import run
from services.insights.models import Base

run(Base.metadata)
