"""What the expenses service is told."""

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """The environment of the expenses service."""

    auth_url: str
    """Base URL of auth, asked once per ledger for its first settings."""
