"""What the expenses service is told."""

from pydantic import Field

from chassis.secret_url import ServiceUrl
from chassis.settings import CacheSettings, RelaySettings, ServiceSettings
from services.expenses.limits import BookLimits


class Settings(ServiceSettings, RelaySettings, CacheSettings):
    """The environment of the expenses service."""

    auth_url: ServiceUrl
    """Base URL of auth, asked once per ledger for its first settings."""
    database_pool_size: int = Field(default=28, ge=4, le=1000)
    expenses_max_categories: int = Field(default=2_000, ge=1)
    """Most categories of one ledger."""

    @property
    def limits(self) -> BookLimits:
        """The bounds of each ledger."""
        return BookLimits(max_categories=self.expenses_max_categories)
