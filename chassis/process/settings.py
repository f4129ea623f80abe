"""Settings come from the environment, each variable named as its field in capitals; no secret has a default."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.process.secret_urls import SecretUrl, ServiceUrl, UrlWithSecrets
from contracts.journal import MOST_PARTITIONS

SHORTEST_SECRET = 32
_FEWEST_CHARACTERS = 8
_PLACEHOLDERS = ("changeme", "change-me", "placeholder", "secret", "example", "your-")


def _real(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    random = len(text) >= SHORTEST_SECRET and len(set(text)) >= _FEWEST_CHARACTERS
    if not random or any(word in text.lower() for word in _PLACEHOLDERS):
        msg = f"needs a random value of at least {SHORTEST_SECRET} characters, not a placeholder"
        raise ValueError(msg)
    return value


Secret = Annotated[SecretStr, AfterValidator(_real)]
"""A secret that somebody really chose: long enough, and no placeholder."""


class ProcessSettings(BaseSettings):
    """What every process is told."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    log_level: str = "INFO"
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(default=0, ge=0, le=65535)
    """Where Prometheus may scrape this process; 0 turns it off."""


STREAM_BYTES = 32 * 1024 * 1024


class RelaySettings(ProcessSettings):
    """What a service is told that announces its journal."""

    stream_max_bytes: int = Field(default=STREAM_BYTES, ge=1024 * 1024)
    """What Redis may use for the streams on which it is announced, all of them together."""


class CacheSettings(ProcessSettings):
    """Where ready answers are kept."""

    redis_url: SecretUrl
    cache_url: SecretUrl = UrlWithSecrets("")
    """The Redis of the ready answers; empty where it is the same."""

    @property
    def answers_url(self) -> UrlWithSecrets:
        """The Redis of the ready answers."""
        return self.cache_url if self.cache_url.get_secret_value() else self.redis_url


POOL_SIZE = 16
"""Connections of a process to its database, where no setting says otherwise."""


class ServiceSettings(ProcessSettings):
    """What every service with a database is told."""

    database_url: SecretUrl
    """`sqlite:///path` or `postgresql+psycopg2://…`."""
    database_pool_size: int = Field(default=POOL_SIZE, ge=4, le=1000)
    """Connections to the database that this process opens at most."""
    redis_url: SecretUrl
    jwks_url: ServiceUrl = ""
    """Where auth publishes the keys that verify access tokens."""
    service_keys: dict[str, Secret] = Field(default_factory=dict)
    """Keys between services, as JSON: `{"insights>expenses": "…"}`, caller first; each service has only its own."""
    stream_partitions: int = Field(default=1, ge=1, le=MOST_PARTITIONS)
