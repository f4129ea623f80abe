"""Settings of auth, read from the environment."""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from chassis.process.secret_urls import ServiceUrl, without_password
from chassis.process.settings import RelaySettings, Secret, ServiceSettings
from contracts.cookies import SessionCookies, session_cookies
from services.auth.identity.email_addresses import read_email
from services.auth.mail.mailer import read_server

ACCESS_TOKEN_LIFETIME = dt.timedelta(minutes=10)
"""Lifetime of an access token. No service looks it up in a database, so it has to expire soon by itself."""

VERIFICATION_LIFETIME = dt.timedelta(days=7)
"""Lifetime of the link that verifies an address. Nothing waits for it, and some people read mail at weekends only."""

INVITATION_LIFETIME = dt.timedelta(days=7)
"""Lifetime of invitations, to the installation and into a ledger. Some people read mail at weekends only."""

REPLAY_GRACE = dt.timedelta(seconds=20)
"""How long the previous refresh token stays valid after the first known use of its successor: requests sent with it
before the successor arrived may take that long. It also stays valid before that first use, since the response with the
successor may be lost."""

ROTATION_PAUSE = dt.timedelta(seconds=60)
"""How long an issued refresh token is not replaced. Browsers abandon a response after 15 s, or 30 s after their page
was closed, so a delayed response cannot overwrite the cookie of the token's successor."""


def _address(value: str) -> str:
    session_cookies(without_password(value))
    return value.rstrip("/")


def _mail_server(value: SecretStr) -> SecretStr:
    read_server(value.get_secret_value())
    return value


class Settings(ServiceSettings, RelaySettings):
    """Settings of the service."""

    outlay_public_url: Annotated[str, AfterValidator(_address)]
    """The address at which users reach Outlay. It determines the cookies' names."""
    expenses_url: ServiceUrl
    insights_url: ServiceUrl
    """Base URLs of the services that receive erasure orders."""
    outlay_secret_key: Secret
    """Auth encrypts its secrets under keys derived from this one. Losing it signs out every user."""
    gateway_cross_site: bool = False
    """Whether the web app and the API are on different sites, so that cookies must be sent cross-site."""
    session_idle_days: int = Field(default=30, ge=1, le=400)
    """A session expires after this time without use. A month away is common, and a forgotten device should not stay
    signed in. Browsers store cookies for at most 400 days."""
    session_life_days: int = Field(default=180, ge=1, le=3650)
    """A session expires at this age in any case, so users enter their password twice a year by default."""

    key_rotation_days: int = Field(default=90, ge=1, le=3650)
    """How long a key signs before the next one replaces it."""
    outlay_registration: Literal["open", "invite"] = "open"
    """Whether registration is open, or needs an invitation. The administrator needs none. See decision 0034."""
    smtp_url: Annotated[SecretStr, AfterValidator(_mail_server)] | None = None
    """The mail server: `smtp://user:password@host:587`, or `smtps://…` for TLS from the first byte."""
    mail_from: Annotated[str, AfterValidator(read_email)] | None = None
    """The sender of the emails."""

    @property
    def cookies(self) -> SessionCookies:
        """The names and attributes of the cookies at the public address."""
        return session_cookies(self.outlay_public_url)

    @model_validator(mode="after")
    def _cross_site_needs_https(self) -> Self:
        if self.gateway_cross_site and not self.cookies.secure:
            raise ValueError(
                "GATEWAY_CROSS_SITE needs an OUTLAY_PUBLIC_URL with https, otherwise browsers drop the cookies"
            )
        return self

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> Self:
        if (self.smtp_url is None) != (self.mail_from is None):
            raise ValueError("SMTP_URL and MAIL_FROM belong together: set both, or neither")
        return self
