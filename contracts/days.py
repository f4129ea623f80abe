"""Days in JSON and in parameters, and the first day of a week."""

import datetime as dt
import re
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator


def _iso_date(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    # pydantic alone would also accept a timestamp or a date-time.
    if isinstance(value, dt.date) or (isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
        return value
    raise ValueError("write the date as YYYY-MM-DD")


Day = Annotated[dt.date, BeforeValidator(_iso_date, json_schema_input_type=str)]
"""ISO 8601, and nothing else."""


class WeekStart(StrEnum):
    """The day on which a week begins."""

    MONDAY = "monday"
    SUNDAY = "sunday"
    SATURDAY = "saturday"

    @property
    def weekday(self) -> int:
        """Its number as in `date.weekday`: 0 is Monday."""
        return {WeekStart.MONDAY: 0, WeekStart.SATURDAY: 5, WeekStart.SUNDAY: 6}[self]

    def first_day(self, day: dt.date) -> dt.date:
        """Returns the first day of the week with this day; the very first week begins on 1 January of year 1."""
        return dt.date.fromordinal(max(1, day.toordinal() - (day.weekday() - self.weekday) % 7))
