"""What the expenses service is told."""

from pydantic import Field

from chassis.process.secret_urls import ServiceUrl
from chassis.process.settings import CacheSettings, RelaySettings, ServiceSettings
from services.expenses.ledger.limits import BookLimits


class Settings(ServiceSettings, RelaySettings, CacheSettings):
    """The environment of the expenses service."""

    auth_url: ServiceUrl
    """Base URL of auth, asked once per ledger for its first settings."""
    database_pool_size: int = Field(default=28, ge=4, le=1000)
    expenses_max_categories: int = Field(default=2_000, ge=1)
    """Most categories of one ledger."""

    expenses_quota_mb: int = Field(default=0, ge=0)
    """Most megabytes in the journals of all ledgers of one owner; 0 is no bound."""
    expenses_write_mb_per_minute: int = Field(default=32, ge=0)
    """Megabytes that one account may have written in a minute, each change as 1 KB more; 0 is no bound."""

    @property
    def limits(self) -> BookLimits:
        """The bounds of ledgers and accounts."""
        return BookLimits(
            max_categories=self.expenses_max_categories,
            quota_bytes=self.expenses_quota_mb * 1024**2,
            work_per_minute=self.expenses_write_mb_per_minute * 1024**2,
        )
