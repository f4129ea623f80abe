"""Settings of the processes of insights, read from the environment."""

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
        raise ValueError("must not contain ? or #, since paths such as /chat/completions are appended")
    return url


class ModelSettings(ProcessSettings):
    """The language model and its spending limits. Without a model's name, nothing is sent anywhere."""

    openai_base_url: Annotated[SecretUrl, AfterValidator(_base)] = SecretUrlValue("")
    """Any server with OpenAI's API; OpenAI's own if empty."""
    openai_api_key: SecretStr = SecretStr("")
    openai_model: str = ""
    """Name of the model; empty turns it off."""
    openai_mode: LlmMode = LlmMode.AUTO
    openai_price_in: Decimal = Field(default=Decimal(0), ge=0)
    """Price of a million input tokens, in a currency of your choice."""
    openai_price_out: Decimal = Field(default=Decimal(0), ge=0)
    """Price of a million output tokens."""
    openai_daily_tokens: int = Field(default=200_000, ge=0)
    """Limit for each user in all ledgers together; 0 is no limit, here and below."""
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
    """The queue in which due insight jobs wait for a worker."""

    redis_url: SecretUrl
    celery_broker_url: SecretUrl = SecretUrlValue("")
    """The Redis of the queue; empty for the same one."""

    @property
    def broker_url(self) -> SecretUrlValue:
        """The Redis of the queue."""
        return self.celery_broker_url if self.celery_broker_url.get_secret_value() else self.redis_url


class Settings(ServiceSettings, CacheSettings, QueueSettings):
    """Settings of the API and the consumer."""

    expenses_url: ServiceUrl
    """Base URL of expenses, which serves the feed."""
    database_pool_size: int = Field(default=8, ge=4, le=1000)


class ApiSettings(Settings, ModelSettings):
    """Settings of the API. Only the API and the worker have the model's key."""

    database_pool_size: int = Field(default=24, ge=4, le=1000)


class WorkerSettings(ModelSettings, QueueSettings):
    """Settings of the worker."""

    database_url: SecretUrl
    database_pool_size: int = Field(default=4, ge=2, le=1000)
    """Connections of each process of its pool."""
