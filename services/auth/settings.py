"""What auth is told."""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from chassis.process.secret_urls import ServiceUrl, without_password
from chassis.process.settings import RelaySettings, Secret, ServiceSettings
from contracts.cookies import SessionCookies, session_cookies
from services.auth.identity.email_addresses import read_email
from services.auth.mail.mailer import read_server

ACCESS_TOKEN_LIFETIME = dt.timedelta(minutes=10)
"""Lifetime of an access token. No service looks it up, so it has to expire soon by itself."""

VERIFICATION_LIFETIME = dt.timedelta(days=7)
"""How long the link that verifies an address is good: nothing waits for it, and people read mail at the weekend."""

INVITATION_LIFETIME = dt.timedelta(days=7)
"""How long invitations are good, here and into a ledger: long enough for people who read their mail at the weekend."""

REPLAY_GRACE = dt.timedelta(seconds=20)
"""How long the preceding refresh token stays good once its successor is known to be in use: what was sent with it
before the successor arrived may be under way for that long. Before the first use it stays good, for the answer with the
successor may be lost."""

ROTATION_PAUSE = dt.timedelta(seconds=60)
"""How long a refresh token is not replaced after it was handed out. Browsers give up on an answer after 15 s, or 30 s
after their page has gone: none that carries a token can arrive after the token's successor and overwrite it."""


def _address(value: str) -> str:
    session_cookies(without_password(value))
    return value.rstrip("/")


def _mail_server(value: SecretStr) -> SecretStr:
    read_server(value.get_secret_value())
    return value


class Settings(ServiceSettings, RelaySettings):
    """The environment of auth."""

    outlay_public_url: Annotated[str, AfterValidator(_address)]
    """The address at which people reach Outlay; it decides the cookies' names."""
    expenses_url: ServiceUrl
    insights_url: ServiceUrl
    """Base URLs of the services that are told when something is to be erased."""
    outlay_secret_key: Secret
    """Everything that auth keeps secret is stored under a key derived from this one. Losing it signs everybody out."""
    gateway_cross_site: bool = False
    """Whether the web app is served from another site than the API; the cookies then have to cross."""
    session_idle_days: int = Field(default=30, ge=1, le=400)
    """A session unused for this long is over: a month away is usual, a forgotten device is not to stay open.
    Browsers keep no cookie for longer than 400 days."""
    session_life_days: int = Field(default=180, ge=1, le=3650)
    """A session this old is over however much it was used: twice a year the password is asked for again."""

    key_rotation_days: int = Field(default=90, ge=1, le=3650)
    """A key signs for this long, then the next one does."""
    outlay_registration: Literal["open", "invite"] = "open"
    """Whether registration is open, or needs an invitation; the administrator needs none. See decision 0034."""
    smtp_url: Annotated[SecretStr, AfterValidator(_mail_server)] | None = None
    """The mail server: `smtp://user:password@host:587`, or `smtps://…` where it speaks TLS from the first byte."""
    mail_from: Annotated[str, AfterValidator(read_email)] | None = None
    """From whom the mails are."""

    @property
    def cookies(self) -> SessionCookies:
        """The cookies at the public address."""
        return session_cookies(self.outlay_public_url)

    @model_validator(mode="after")
    def _cross_site_needs_https(self) -> Self:
        if self.gateway_cross_site and not self.cookies.secure:
            raise ValueError(
                "GATEWAY_CROSS_SITE needs an OUTLAY_PUBLIC_URL with https: browsers drop such cookies else"
            )
        return self

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> Self:
        if (self.smtp_url is None) != (self.mail_from is None):
            raise ValueError("SMTP_URL and MAIL_FROM belong together: set both, or neither")
        return self
