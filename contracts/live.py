"""Notices for open browsers: a ledger's totals or insights have changed."""

import datetime as dt
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from contracts.ids import LedgerId
from contracts.journal import MAX_REVISION


class LiveKind(StrEnum):
    """The kind of change; also the name of the browsers' event."""

    REVISION = "revision"
    INSIGHTS = "insights"


class LiveState(BaseModel):
    """The state of a ledger: the data of the browsers' event."""

    model_config = ConfigDict(frozen=True)

    ledger: LedgerId
    revision: int
    computed_at: dt.datetime | None = None
    """For insights only: when they were stored. Insights can be newer at the same revision."""
    paused: bool = False
    """True while Redis is unavailable: changes arrive every 15 seconds instead of at once. Omitted if False."""


class LiveNotice(BaseModel):
    """A message on the live channel. It holds state, not history: a newer one of its kind replaces older ones."""

    model_config = ConfigDict(frozen=True)

    ledger: LedgerId
    kind: LiveKind
    revision: int = Field(ge=0, le=MAX_REVISION)
    computed_at: dt.datetime | None = None

    def encode(self) -> str:
        """Encodes the message for the channel."""
        return self.model_dump_json()

    @classmethod
    def decode(cls, text: bytes) -> Self:
        """Decodes the output of `encode`. Raises ValueError on anything else."""
        return cls.model_validate_json(text)
