"""Expiry of stored rows."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from chassis.process.clock import CLOCK_DIFFERENCE


def is_valid(expires_at: InstrumentedAttribute[datetime], now: datetime, life: timedelta) -> sa.ColumnElement[bool]:
    """Whether the row has neither expired nor an expiry so late that a wrong clock must have set it."""
    return sa.and_(expires_at > now, expires_at <= now + life + CLOCK_DIFFERENCE)
