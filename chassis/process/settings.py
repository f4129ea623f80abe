"""Settings from environment variables, named like the fields in capitals. No secret has a default."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.process.secret_urls import SecretUrl, SecretUrlValue, ServiceUrl
from contracts.journal import MAX_PARTITIONS

MIN_SECRET_LENGTH = 32
_FEWEST_CHARACTERS = 8
_PLACEHOLDERS = ("changeme", "change-me", "placeholder", "secret", "example", "your-")


def _real(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    random = len(text) >= MIN_SECRET_LENGTH and len(set(text)) >= _FEWEST_CHARACTERS
    if not random or any(word in text.lower() for word in _PLACEHOLDERS):
        msg = f"needs a random value of at least {MIN_SECRET_LENGTH} characters, not a placeholder"
        raise ValueError(msg)
    return value


Secret = Annotated[SecretStr, AfterValidator(_real)]
"""A secret that is long enough and not a placeholder."""


class ProcessSettings(BaseSettings):
    """Settings of every process."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    log_level: str = "INFO"
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(default=0, ge=0, le=65535)
    """Port for Prometheus; 0 disables it."""


STREAM_BYTES = 32 * 1024 * 1024


class RelaySettings(ProcessSettings):
    """Settings of a service that publishes its journal."""

    stream_max_bytes: int = Field(default=STREAM_BYTES, ge=1024 * 1024)
    """Memory in bytes that Redis may use for all streams of the journal together."""


class CacheSettings(ProcessSettings):
    """Settings of processes that use cached responses."""

    redis_url: SecretUrl
    cache_url: SecretUrl = SecretUrlValue("")
    """Redis for cached responses; empty to use `redis_url`."""

    @property
    def response_cache_url(self) -> SecretUrlValue:
        """The Redis for cached responses."""
        return self.cache_url if self.cache_url.get_secret_value() else self.redis_url


POOL_SIZE = 16
"""Default number of database connections of a process."""


class ServiceSettings(ProcessSettings):
    """Settings of every service with a database."""

    database_url: SecretUrl
    """`sqlite:///path` or `postgresql+psycopg2://…`."""
    database_pool_size: int = Field(default=POOL_SIZE, ge=4, le=1000)
    """Database connections of this process at most."""
    redis_url: SecretUrl
    jwks_url: ServiceUrl = ""
    """URL at which auth publishes the keys that verify access tokens."""
    service_keys: dict[str, Secret] = Field(default_factory=dict)
    """Keys between services as JSON, caller first: `{"insights>expenses": "…"}`. Each service has only its own."""
    stream_partitions: int = Field(default=1, ge=1, le=MAX_PARTITIONS)
