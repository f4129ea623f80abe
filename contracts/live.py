"""What open browsers are told: that a ledger's totals, or its insights, have moved."""

import datetime as dt
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.journal import LARGEST_REVISION


class LiveKind(StrEnum):
    """What moved; also the name of the event that browsers get."""

    REVISION = "revision"
    INSIGHTS = "insights"


class LiveState(BaseModel):
    """Where a ledger stands: the data of an event that browsers get."""

    model_config = ConfigDict(frozen=True)

    ledger: UUID
    revision: int
    computed_at: dt.datetime | None = None
    """Of insights alone: when those that can be read were stored. They can be new where the revision is not."""
    paused: bool = False
    """Redis is away: changes are not told at once, but every 15 seconds. Left out where it is not so."""


class Notice(BaseModel):
    """A message on the live channel. State, not history: a newer one of its kind says all that an older one did."""

    model_config = ConfigDict(frozen=True)

    ledger: UUID
    kind: LiveKind
    revision: int = Field(ge=0, le=LARGEST_REVISION)
    computed_at: dt.datetime | None = None

    def encode(self) -> str:
        """The message on the channel."""
        return self.model_dump_json()

    @classmethod
    def decode(cls, text: bytes) -> Self:
        """Reads what `encode` wrote. Raises ValueError on anything else."""
        return cls.model_validate_json(text)
