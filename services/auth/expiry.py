"""When a stored row has expired."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from chassis.process.clock import CLOCK_DIFFERENCE


def is_valid(expires_at: InstrumentedAttribute[datetime], now: datetime, life: timedelta) -> sa.ColumnElement[bool]:
    """Whether a link that is good for `life` has neither expired nor been made by a clock that was ahead."""
    return sa.and_(expires_at > now, expires_at <= now + life + CLOCK_DIFFERENCE)
