"""Settings of the expenses service."""

from pydantic import Field

from chassis.process.secret_urls import ServiceUrl
from chassis.process.settings import CacheSettings, RelaySettings, ServiceSettings
from services.expenses.ledger.limits import LedgerLimits


class Settings(ServiceSettings, RelaySettings, CacheSettings):
    """The environment of the expenses service."""

    auth_url: ServiceUrl
    """Base URL of auth, for the first settings of each ledger."""
    database_pool_size: int = Field(default=28, ge=4, le=1000)
    expenses_max_categories: int = Field(default=2_000, ge=1)
    """Categories of one ledger at most."""

    expenses_quota_mb: int = Field(default=0, ge=0)
    """Megabytes in the journals of all ledgers of one owner at most; 0 is no limit."""
    expenses_write_mb_per_minute: int = Field(default=32, ge=0)
    """Megabytes that one account may write in a minute, plus 1 KB for each change; 0 is no limit."""

    @property
    def limits(self) -> LedgerLimits:
        """The limits of ledgers and accounts."""
        return LedgerLimits(
            max_categories=self.expenses_max_categories,
            quota_bytes=self.expenses_quota_mb * 1024**2,
            work_per_minute=self.expenses_write_mb_per_minute * 1024**2,
        )
