"""The JSON of the model: consent, usage and calls."""

import datetime as dt
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.insights.llm.gateway import Purpose


class ModelPlace(BaseModel):
    """The model of this installation."""

    name: str
    place: str = Field(description="Host to which facts go.")


class Budget(BaseModel):
    """The user's usage of today (UTC) in all ledgers, and their limit."""

    tokens: int
    most_tokens: int | None
    cost: str
    most_cost: str | None


class ModelPreset(BaseModel):
    """A well-known server, and the settings for it."""

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
    """A user's consent or refusal."""

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
    """Exactly what was sent in one call, and how the response was used."""

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
    """Calls, newest first."""

    items: list[ModelCall]
