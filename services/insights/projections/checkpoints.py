"""Checkpoints of the totals, and the version of the derived data."""

from chassis.projections.checkpoints import Checkpoints
from services.insights.tables import CheckpointRow, ParkedRow

PROJECTION_VERSION = 1
"""Version of the data that `totals.py` derives. Raise it with a change: every ledger is then rebuilt in use."""

CHECKPOINTS = Checkpoints(CheckpointRow, ParkedRow, PROJECTION_VERSION)
