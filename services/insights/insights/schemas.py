"""The public JSON of insights, which is also how they are stored."""

import datetime as dt
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.insights.insights.facts.fact import Direction, EvidenceProof, FactKind


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


class _InsightModel(BaseModel):
    model_config = ConfigDict(populate_by_name=True)


class Days(_InsightModel):
    """Both ends included."""

    since: dt.date = Field(alias="from")
    until: dt.date = Field(alias="to")


class Number(_InsightModel):
    """A number as it stands in the text, and the payments behind it where a filter lists exactly those."""

    name: str
    text: str
    at: int = Field(description="Where it begins in the text, counted in Unicode code points.")
    value: str
    unit: str
    evidence: dict[str, str] | None
    proof: EvidenceProof | None = Field(
        description="What the payments behind it show; null where there is no evidence."
    )


class Insight(_InsightModel):
    """One true thing, in words."""

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
    sent: UUID | None = Field(default=None, description="The call to the model whose words these are, if they are.")


class StoredInsight(Insight):
    """An insight with its words before the slots were filled: they serve again while the fact keeps its shape."""

    words: str
    slots: list[str]


class StoredInsights(BaseModel):
    """The document that is stored. It is read only where its version is this one; others are computed anew."""

    version: Literal[2] = 2
    """Raised with every change of the shape or the meaning of Stored."""
    items: list[StoredInsight]


class Insights(_InsightModel):
    """What is worth knowing, and whether it still holds."""

    status: Status
    revision: int = Field(description="The revision of the ledger at which all of them were computed.")
    changed_since: int = Field(default=0, description="How many entries the journal has had after that.")
    computed_at: dt.datetime | None = Field(default=None, description="When they were stored; live events name it too.")
    items: list[Insight]
