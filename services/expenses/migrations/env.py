"""Alembic's entry: migrates inside the transaction that chassis.database.migrations.upgrade holds."""

from chassis.database.migrations import run
from services.expenses.ledger.tables import Base

run(Base.metadata)
