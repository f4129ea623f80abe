"""The public JSON of insights, which is also how they are stored."""

import datetime as dt
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.insights.facts import Direction, Kind


class Status(StrEnum):
    """How far what is shown can be relied on."""

    CURRENT = "current"
    """Computed at the newest revision, on this very day."""
    UPDATING = "updating"
    """A run is on its way."""
    STALE = "stale"
    """No run is on its way: it failed too often, or the ledger is set aside."""
    NONE = "none"
    """Nothing has been recorded yet."""


class _Out(BaseModel):
    model_config = ConfigDict(populate_by_name=True)


class Days(_Out):
    """Both ends included."""

    since: dt.date = Field(alias="from")
    until: dt.date = Field(alias="to")


class Number(_Out):
    """A number as it stands in the text, and the payments behind it where a filter lists exactly those."""

    name: str
    text: str
    value: str
    unit: str
    evidence: dict[str, str] | None


class Insight(_Out):
    """One true thing, in words."""

    id: str
    kind: Kind
    text: str
    value: str
    unit: str = Field(description='A currency, or "percent".')
    period: Days
    direction: Direction
    evidence: dict[str, str] = Field(description="Parameters of GET /api/v1/expenses that list the payments behind.")
    numbers: list[Number]
    source: Literal["template", "model"]


class Stored(Insight):
    """An insight with its words before the slots were filled: they serve again while the fact keeps its shape."""

    words: str
    slots: list[str]


class Insights(_Out):
    """What is worth knowing, and whether it still holds."""

    status: Status
    revision: int
    items: list[Insight]
