"""Checkpoints of the totals, and the version of what is derived."""

from chassis.projections.checkpoints import Checkpoints
from services.insights.tables import CheckpointRow, ParkedRow

PROJECTION_VERSION = 1
"""Version of what `totals.py` derives. Raise it when that changes: every ledger is then rebuilt while serving."""

CHECKPOINTS = Checkpoints(CheckpointRow, ParkedRow, PROJECTION_VERSION)
