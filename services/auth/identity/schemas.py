"""The JSON of users, sign-in and sessions."""

import unicodedata
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from contracts.book import CurrencyCode
from contracts.days import WeekStart
from contracts.identity import Role
from services.auth.identity.email_addresses import read_email
from services.auth.identity.locale_preferences import check_currency, check_locale, check_time_zone
from services.auth.identity.password_rules import check_length, check_max_bytes

MAX_EMAIL_LENGTH = 320


def _printable(text: str) -> str:
    if any(unicodedata.category(char) == "Cc" for char in text):
        raise ValueError("control characters cannot be stored")
    return text


def _name(text: str) -> str | None:
    return _printable(text) or None


# Passwords are used exactly as typed: never trimmed, folded or truncated.
TypedPassword = Annotated[str, AfterValidator(check_max_bytes)]
Password = Annotated[TypedPassword, Field(repr=False)]
NewPassword = Annotated[Password, AfterValidator(check_length)]
LinkToken = Annotated[str, StringConstraints(max_length=100)]
Text = Annotated[str, StringConstraints(max_length=MAX_EMAIL_LENGTH)]
Name = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True), AfterValidator(_name)]
Label = Annotated[
    str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True), AfterValidator(_printable)
]
"""A name that must not be empty."""


class RequestModel(BaseModel):
    """A request body. Unknown fields are rejected."""

    model_config = ConfigDict(extra="forbid")


class Registration(RequestModel):
    """A new account, with the locale, time zone and currency of its owner."""

    email: Annotated[Text, AfterValidator(read_email)] = Field(examples=["ada@example.org"])
    password: NewPassword
    name: Name | None = None
    currency: Annotated[CurrencyCode, AfterValidator(check_currency)] | None = Field(
        default=None, description="The locale's currency if absent.", examples=["EUR"]
    )
    time_zone: Annotated[Text, AfterValidator(check_time_zone)] | None = Field(
        default=None, description="UTC if absent.", examples=["Europe/Vienna"]
    )
    locale: Annotated[Text, AfterValidator(check_locale)] | None = Field(
        default=None, description="English if absent.", examples=["de-AT"]
    )
    invitation: LinkToken | None = Field(
        default=None, repr=False, description="The token after the # of an invitation link, where one is needed."
    )
    setup: LinkToken | None = Field(
        default=None,
        repr=False,
        description="The token after `#setup=` of the set-up link. The account becomes the administrator.",
    )


class Credentials(RequestModel):
    """Email address and password. A malformed address is answered like an unknown one."""

    email: Text
    password: Password


class Membership(BaseModel):
    """A ledger, and the user's role in it."""

    id: UUID
    name: str
    role: Role
    currency: CurrencyCode
    time_zone: str
    locale: str
    personal: bool


class User(BaseModel):
    """A user and the ledgers that they may see."""

    id: UUID
    email: str
    name: str | None
    email_verified: bool = Field(description="Whether the user has opened a link sent to the address.")
    pending_email: str | None = Field(
        description="The address that replaces `email` once the link sent there is opened."
    )
    admin: bool = Field(description="Whether the user may invite people to this installation.")
    week_start: WeekStart = Field(description="First day of the week: the user's choice, or the locale's.")
    ledgers: list[Membership]


class SignedIn(BaseModel):
    """A new or refreshed session. Browsers hold the tokens in cookies; programs use `access_token`."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - RFC 6750's name for the kind
    expires_in: int
    user: User


class Session(BaseModel):
    """A session of a user."""

    id: UUID
    device: str | None = Field(description="The User-Agent of the browser or program.")
    address: str | None = Field(description="The IP address of the last use.")
    created_at: datetime
    used_at: datetime
    current: bool = Field(description="Whether it is the session of this request.")


class SessionList(BaseModel):
    """All sessions of the user."""

    items: list[Session]
    next_cursor: None = None
