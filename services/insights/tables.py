"""Tables of insights. All can be derived again from the journal, except dismissals and consents.

Rows derived from entries belong to a projection build; the checkpoint names the build that is served.
"""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.database.engine import ID_COLUMNS, UtcDateTime
from chassis.erasure.orders import ErasureColumns
from chassis.projections.builds import ProjectionBuild
from chassis.projections.tables import CheckpointColumns, ParkedColumns, ProjectedColumns, ProjectionBuildColumns
from contracts.ids import CategoryId, LedgerId, UserId


class Base(DeclarativeBase):
    """The tables of insights' own database."""

    type_annotation_map = ID_COLUMNS


class CheckpointRow(CheckpointColumns, Base):
    """The applied revision of each ledger's journal."""

    __tablename__ = "checkpoints"


class ParkedRow(ParkedColumns, Base):
    """Ledgers parked because an entry cannot be applied."""

    __tablename__ = "parked"


class ProjectionBuildRow(ProjectionBuildColumns, Base):
    """Projection builds that are being filled or deleted."""

    __tablename__ = "projection_builds"


class AuditRow(Base):
    """The last comparison of a ledger's totals with the book, and its result."""

    __tablename__ = "audits"

    ledger: Mapped[LedgerId] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(sa.BigInteger)
    """The revision at which they were compared last."""
    audited_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    agreed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When they last agreed."""
    drifts: Mapped[int] = mapped_column(default=0)
    """How often they differed."""


class SweepRow(Base):
    """The last completed sweep; one row."""

    __tablename__ = "sweeps"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ended_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    missing: Mapped[int] = mapped_column(sa.BigInteger)


class LedgerRow(ProjectedColumns, Base):
    """A ledger's settings, from its journal."""

    __tablename__ = "ledgers"

    currency: Mapped[str] = mapped_column(sa.String(3))
    time_zone: Mapped[str] = mapped_column(sa.String(64))
    locale: Mapped[str] = mapped_column(sa.String(35))

    @property
    def build(self) -> ProjectionBuild:
        """The build that this row belongs to."""
        return ProjectionBuild(self.ledger, self.generation)


class CategoryRow(ProjectedColumns, Base):
    """A category's name."""

    __tablename__ = "categories"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100))


class PaymentRow(ProjectedColumns, Base):
    """The slim copy of an expense, from which facts are computed."""

    __tablename__ = "payments"
    __table_args__ = (sa.Index("ix_payments_day", "ledger", "generation", "day"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[dt.date]
    minor: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    category: Mapped[CategoryId]
    merchant: Mapped[str | None] = mapped_column(sa.String(200))


class _Cell(ProjectedColumns):
    """Sum and count of a build's payments in one category and currency over one period."""

    period: Mapped[dt.date] = mapped_column(primary_key=True)
    """The day, or the first day of the month."""
    category: Mapped[CategoryId] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    total: Mapped[int] = mapped_column(sa.BigInteger)
    """In minor units."""
    count: Mapped[int] = mapped_column(sa.BigInteger)


class DayTotal(_Cell, Base):
    """Totals by day."""

    __tablename__ = "day_totals"


class MonthTotal(_Cell, Base):
    """Totals by month."""

    __tablename__ = "month_totals"


class ConsentRow(Base):
    """A user's consent or refusal to sending a ledger's facts to a model. Not derived: a lost one is a refusal."""

    __tablename__ = "model_consents"

    ledger: Mapped[LedgerId] = mapped_column(primary_key=True)
    allowed: Mapped[bool]
    place: Mapped[str] = mapped_column(sa.String(255))
    """The host to which it applies. Another host needs a new consent."""
    by: Mapped[UserId]
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class BudgetRow(Base):
    """Usage of the model on one day (UTC), by one user, or by all under the id ALL_USERS."""

    __tablename__ = "model_budgets"

    scope: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    tokens: Mapped[int] = mapped_column(sa.BigInteger)
    micros: Mapped[int] = mapped_column(sa.BigInteger)
    """Millionths of the currency of the prices."""


class ModelCallRow(Base):
    """A call to the model: exactly what was sent, what came back, and how it was used."""

    __tablename__ = "model_calls"
    __table_args__ = (sa.Index("ix_model_calls_ledger", "ledger", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ledger: Mapped[LedgerId]
    purpose: Mapped[str] = mapped_column(sa.String(20))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(sa.String(255))
    model: Mapped[str] = mapped_column(sa.String(200))
    revision: Mapped[int] = mapped_column(sa.BigInteger)
    """Revision of the data that it was about."""
    about: Mapped[str] = mapped_column(sa.Text)
    """Ids of the facts, as a JSON list."""
    messages: Mapped[str] = mapped_column(sa.Text)
    """As they were sent, as JSON."""
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    outcome: Mapped[str] = mapped_column(sa.String(20))
    """`answered`, or why it was not."""
    tokens_told: Mapped[int] = mapped_column(sa.BigInteger)
    tokens_said: Mapped[int] = mapped_column(sa.BigInteger)
    milliseconds: Mapped[int]
    verdicts: Mapped[str] = mapped_column(sa.Text, default="{}")
    """The use of each text: `fit`, or why not; a JSON object by fact id."""


class JobRow(Base):
    """The insight job of a ledger: the requested and the finished revision, and the current lease."""

    __tablename__ = "insight_jobs"
    __table_args__ = (sa.Index("ix_insight_jobs_run_after", "run_after"),)

    ledger: Mapped[LedgerId] = mapped_column(primary_key=True)
    wanted_revision: Mapped[int] = mapped_column(sa.BigInteger)
    done_revision: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    done_day: Mapped[dt.date | None]
    """The day in the ledger's time zone for which the insights were computed."""
    first_unserved_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When the oldest write that no run has seen was applied."""
    run_after: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When the next run is due; None if no run is requested."""
    fence: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    """Rises with each lease; the holder of an older one cannot store."""
    leased_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)


class InsightRow(Base):
    """The shown insights of a ledger, with their revision and day."""

    __tablename__ = "insights"

    ledger: Mapped[LedgerId] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(sa.BigInteger)
    day: Mapped[dt.date]
    computed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    items: Mapped[str] = mapped_column(sa.Text)
    """`StoredInsights` as JSON text; the items are in the order in which they are shown."""


class ErasureRow(ErasureColumns, Base):
    """Erasure orders that were carried out."""

    __tablename__ = "erasures"


class DismissalRow(Base):
    """A fact that a user has dismissed. It stays hidden, however often it is found again."""

    __tablename__ = "dismissals"

    ledger: Mapped[LedgerId] = mapped_column(primary_key=True)
    fact: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    """The fact's id, which stays the same while its value changes."""
    dismissed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
