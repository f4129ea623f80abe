"""What the processes of insights are told."""

from decimal import Decimal
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

from chassis.process.secret_urls import SecretUrl, SecretUrlValue, ServiceUrl
from chassis.process.settings import CacheSettings, ProcessSettings, ServiceSettings
from services.insights.llm_server import LlmMode, LlmServer


def _base(url: SecretUrlValue) -> SecretUrlValue:
    parts = urlsplit(url.get_secret_value())
    if parts.query or parts.fragment:
        raise ValueError("takes no ? and no #: paths such as /chat/completions are put at its end")
    return url


class ModelSettings(ProcessSettings):
    """Where the language model is, and what it may cost. Without a model's name, nothing is sent anywhere."""

    openai_base_url: Annotated[SecretUrl, AfterValidator(_base)] = SecretUrlValue("")
    """Any server with OpenAI's API; OpenAI's own where empty."""
    openai_api_key: SecretStr = SecretStr("")
    openai_model: str = ""
    """Name of the model; empty turns it off."""
    openai_mode: LlmMode = LlmMode.AUTO
    openai_price_in: Decimal = Field(default=Decimal(0), ge=0)
    """Of a million tokens that are sent, in a currency of your choice."""
    openai_price_out: Decimal = Field(default=Decimal(0), ge=0)
    """Of a million tokens that come back."""
    openai_daily_tokens: int = Field(default=200_000, ge=0)
    """For each person, in all ledgers together; 0 is no limit, here as below."""
    openai_daily_tokens_total: int = Field(default=2_000_000, ge=0)
    openai_daily_cost: Decimal = Field(default=Decimal(0), ge=0)
    openai_daily_cost_total: Decimal = Field(default=Decimal(0), ge=0)

    @property
    def endpoint(self) -> LlmServer | None:
        """The model, if there is one."""
        if not self.openai_model:
            return None
        key = self.openai_api_key.get_secret_value()
        return LlmServer(self.openai_base_url.get_secret_value(), key, self.openai_model, self.openai_mode)


class QueueSettings(ProcessSettings):
    """Where due insight jobs wait for a worker."""

    redis_url: SecretUrl
    celery_broker_url: SecretUrl = SecretUrlValue("")
    """The Redis of the queue; empty where it is the same."""

    @property
    def broker_url(self) -> SecretUrlValue:
        """The Redis of the queue."""
        return self.celery_broker_url if self.celery_broker_url.get_secret_value() else self.redis_url


class Settings(ServiceSettings, CacheSettings, QueueSettings):
    """The environment of the API and the consumer."""

    expenses_url: ServiceUrl
    """Base URL of expenses, whose feed is read."""
    database_pool_size: int = Field(default=8, ge=4, le=1000)


class ApiSettings(Settings, ModelSettings):
    """The environment of the API: only it and the worker are told the model's key."""

    database_pool_size: int = Field(default=24, ge=4, le=1000)


class WorkerSettings(ModelSettings, QueueSettings):
    """The environment of the worker."""

    database_url: SecretUrl
    database_pool_size: int = Field(default=4, ge=2, le=1000)
    """Of each process of its pool."""
