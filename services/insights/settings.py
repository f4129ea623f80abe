"""What the processes of insights are told."""

from pydantic import SecretStr

from chassis.settings import ProcessSettings, ServiceSettings


class Settings(ServiceSettings):
    """The environment of the API and the consumer."""

    expenses_url: str
    """Base URL of expenses, whose feed is read."""
    celery_broker_url: str = ""
    """Where due insight jobs are sent; needed by the consumer."""


class WorkerSettings(ProcessSettings):
    """The environment of the worker. Without a model's name, templates alone word the facts."""

    database_url: str
    redis_url: str
    celery_broker_url: str
    openai_base_url: str = ""
    """Any server with OpenAI's API; OpenAI's own where empty."""
    openai_api_key: SecretStr = SecretStr("")
    openai_model: str = ""
    """Name of the model; empty turns it off."""
