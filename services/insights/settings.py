"""What the processes of insights are told."""

from decimal import Decimal

from pydantic import Field, SecretStr

from chassis.settings import ProcessSettings, ServiceSettings
from services.insights.model.endpoint import Endpoint, Mode


class ModelSettings(ProcessSettings):
    """Where the language model is, and what it may cost. Without a model's name, nothing is sent anywhere."""

    openai_base_url: str = ""
    """Any server with OpenAI's API; OpenAI's own where empty."""
    openai_api_key: SecretStr = SecretStr("")
    openai_model: str = ""
    """Name of the model; empty turns it off."""
    openai_mode: Mode = Mode.AUTO
    openai_price_in: Decimal = Field(default=Decimal(0), ge=0)
    """Of a million tokens that are sent, in a currency of your choice."""
    openai_price_out: Decimal = Field(default=Decimal(0), ge=0)
    """Of a million tokens that come back."""
    openai_daily_tokens: int = Field(default=200_000, ge=0)
    """For each ledger; 0 is no limit, here as below."""
    openai_daily_tokens_total: int = Field(default=2_000_000, ge=0)
    openai_daily_cost: Decimal = Field(default=Decimal(0), ge=0)
    openai_daily_cost_total: Decimal = Field(default=Decimal(0), ge=0)

    @property
    def endpoint(self) -> Endpoint | None:
        """The model, if there is one."""
        if not self.openai_model:
            return None
        key = self.openai_api_key.get_secret_value()
        return Endpoint(self.openai_base_url, key, self.openai_model, self.openai_mode)


class Settings(ServiceSettings):
    """The environment of the API and the consumer."""

    expenses_url: str
    """Base URL of expenses, whose feed is read."""
    celery_broker_url: str = ""
    """Where due insight jobs are sent; needed by the consumer."""
    database_pool_size: int = Field(default=8, ge=4, le=1000)


class ApiSettings(Settings, ModelSettings):
    """The environment of the API: only it and the worker are told the model's key."""

    database_pool_size: int = Field(default=24, ge=4, le=1000)


class WorkerSettings(ModelSettings):
    """The environment of the worker."""

    database_url: str
    database_pool_size: int = Field(default=4, ge=2, le=1000)
    """Of each process of its pool."""
    redis_url: str
    celery_broker_url: str
