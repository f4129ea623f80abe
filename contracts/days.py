"""A day as JSON and parameters have it."""

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import BeforeValidator


def _iso_date(value: Any) -> Any:  # noqa: ANN401 - whatever the client sent
    # pydantic alone would also take a timestamp or a date-time for a date.
    if isinstance(value, dt.date) or (isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
        return value
    raise ValueError("write the date as YYYY-MM-DD")


Day = Annotated[dt.date, BeforeValidator(_iso_date, json_schema_input_type=str)]
"""ISO 8601, and nothing else."""
