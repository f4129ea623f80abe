"""The public JSON of the model: what it may be told, what it was told."""

import datetime as dt
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.insights.llm.gateway import Purpose


class ModelPlace(BaseModel):
    """The model that this installation has."""

    name: str
    place: str = Field(description="Host to which facts go.")


class Budget(BaseModel):
    """What the caller used today (UTC) in all ledgers, and may use."""

    tokens: int
    most_tokens: int | None
    cost: str
    most_cost: str | None


class ModelPreset(BaseModel):
    """A well-known server, and what to set for it."""

    name: str
    base_url: str
    needs_key: bool
    example: str


class ModelSettingsOut(BaseModel):
    """Whether a model may word this ledger's facts."""

    model: ModelPlace | None = Field(description="Null where the installation has none: our own words serve.")
    allowed: bool = Field(description="Whether a user has consented to this host.")
    answered_at: dt.datetime | None
    budget: Budget | None
    presets: list[ModelPreset]


class ModelSettingsIn(BaseModel):
    """A person's yes or no."""

    model_config = ConfigDict(extra="forbid")

    allowed: bool
    place: str | None = Field(
        default=None, max_length=255, description="With a yes: the place that the person was shown."
    )


class SentMessage(BaseModel):
    """One message."""

    role: str
    content: str


class ModelCall(BaseModel):
    """Exactly what was sent in one call, and what was made of the answer."""

    id: UUID
    at: dt.datetime
    purpose: Purpose
    place: str
    model: str
    revision: int
    facts: list[str]
    messages: list[SentMessage]
    answer: str
    outcome: str = Field(description='"answered", or why it was not.')
    verdicts: dict[str, str] = Field(description='By fact id: "fit", or why its text was not shown.')
    tokens_sent: int
    tokens_received: int
    milliseconds: int


class ModelCalls(BaseModel):
    """The newest first."""

    items: list[ModelCall]
