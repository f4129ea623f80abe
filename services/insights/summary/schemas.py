"""The JSON of totals."""

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field

from chassis.http.authorization import LedgerQuery
from contracts.days import Day, WeekStart
from contracts.ids import CategoryId
from services.insights.periods import Bucket


class PeriodQuery(LedgerQuery):
    """Days, both inclusive; the ledger's current month if absent."""

    since: Day | None = Field(default=None, alias="from")
    until: Day | None = Field(default=None, alias="to")


class TrendsQuery(PeriodQuery):
    """A period, and the size of the buckets of its series."""

    by: Bucket = Bucket.MONTH
    week_start: WeekStart = Field(default=WeekStart.MONDAY, description="Where weeks begin, with `by=week`.")


class _SummaryModel(BaseModel):
    model_config = ConfigDict(populate_by_name=True)


class CategoryTotal(_SummaryModel):
    """The sum of one category in the ledger's currency."""

    category: str
    category_id: CategoryId
    total: str
    count: int
    share: str | None = Field(
        description=(
            "Part of the total, from 0 to 1, such as 0.4213. Null for all categories where the total is not positive "
            "or one of them is below zero, since refunds then make parts larger than the whole."
        )
    )


class CurrencyTotal(_SummaryModel):
    """Spending in another currency, never added to the rest."""

    currency: str
    total: str
    count: int


class Summary(_SummaryModel):
    """The spending of a period by category."""

    since: dt.date = Field(alias="from")
    until: dt.date = Field(alias="to")
    currency: str
    total: str
    count: int
    categories: list[CategoryTotal]
    other: list[CurrencyTotal]
    revision: int


class Audited(_SummaryModel):
    """When the totals were last compared with the book."""

    revision: int
    audited_at: dt.datetime | None
    agreed_at: dt.datetime | None
    drifts: int = Field(description="How often they differed; each time they were rebuilt.")


class Series(_SummaryModel):
    """One category's totals, one value for each bucket."""

    category: str
    category_id: CategoryId
    totals: list[str]


class Trends(_SummaryModel):
    """The spending over time, in the ledger's currency."""

    since: dt.date = Field(alias="from")
    until: dt.date = Field(alias="to")
    by: Bucket
    currency: str
    buckets: list[dt.date]
    series: list[Series]
    totals: list[str]
    revision: int
