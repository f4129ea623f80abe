"""The JSON of insights, public and stored."""

import datetime as dt
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.insights.insights.facts.fact import Direction, EvidenceProof, FactKind


class Status(StrEnum):
    """Whether the shown insights are current."""

    CURRENT = "current"
    """Computed at the newest revision, today."""
    UPDATING = "updating"
    """A run is requested or in progress."""
    STALE = "stale"
    """No run is in progress: it failed too often, or the ledger is parked."""
    NONE = "none"
    """Nothing has been recorded yet."""


class _InsightModel(BaseModel):
    model_config = ConfigDict(populate_by_name=True)


class Days(_InsightModel):
    """A period, both ends included."""

    since: dt.date = Field(alias="from")
    until: dt.date = Field(alias="to")


class Number(_InsightModel):
    """A number in the text, with the payments behind it if a filter lists exactly those."""

    name: str
    text: str
    at: int = Field(description="Its position in the text, in Unicode code points.")
    value: str
    unit: str
    evidence: dict[str, str] | None
    proof: EvidenceProof | None = Field(description="How the payments behind it prove it; null without evidence.")


class Insight(_InsightModel):
    """A fact in words."""

    id: str
    kind: FactKind
    text: str
    value: str
    unit: str = Field(description='A currency, or "percent".')
    period: Days
    direction: Direction
    evidence: dict[str, str] = Field(description="Parameters of GET /api/v1/expenses that list the payments behind.")
    numbers: list[Number]
    formula: str = Field(description="How it is computed, in words, with its source.")
    source: Literal["template", "model"]
    sent: UUID | None = Field(default=None, description="The model call that worded it, if any.")


class StoredInsight(Insight):
    """An insight with its words before the slots were filled. They are reused while the fact keeps its shape."""

    words: str
    slots: list[str]


class StoredInsights(BaseModel):
    """The stored document. Documents of other versions are not read; their insights are computed again."""

    version: Literal[2] = 2
    """Raised with every change in shape or meaning of StoredInsight."""
    items: list[StoredInsight]


class Insights(_InsightModel):
    """The insights of a ledger, and whether they are current."""

    status: Status
    revision: int = Field(description="The revision of the ledger at which all of them were computed.")
    changed_since: int = Field(default=0, description="Number of later journal entries.")
    computed_at: dt.datetime | None = Field(default=None, description="When they were stored, as in live events.")
    items: list[Insight]
