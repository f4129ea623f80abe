"""The public JSON of auth: what comes in and what goes out."""

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


# Taken exactly as typed: nothing is trimmed, folded or cut off.
TypedPassword = Annotated[str, AfterValidator(check_max_bytes)]
Password = Annotated[TypedPassword, Field(repr=False)]
NewPassword = Annotated[Password, AfterValidator(check_length)]
LinkToken = Annotated[str, StringConstraints(max_length=100)]
Text = Annotated[str, StringConstraints(max_length=MAX_EMAIL_LENGTH)]
Name = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True), AfterValidator(_name)]
Label = Annotated[
    str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True), AfterValidator(_printable)
]
"""A name that has to be there."""


class RequestModel(BaseModel):
    """What comes in: a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class Registration(RequestModel):
    """A new account, with what the browser knows about where its owner lives."""

    email: Annotated[Text, AfterValidator(read_email)] = Field(examples=["ada@example.org"])
    password: NewPassword
    name: Name | None = None
    currency: Annotated[CurrencyCode, AfterValidator(check_currency)] | None = Field(
        default=None, description="The locale's own where absent.", examples=["EUR"]
    )
    time_zone: Annotated[Text, AfterValidator(check_time_zone)] | None = Field(
        default=None, description="UTC where absent.", examples=["Europe/Vienna"]
    )
    locale: Annotated[Text, AfterValidator(check_locale)] | None = Field(
        default=None, description="English where absent.", examples=["de-AT"]
    )
    invitation: LinkToken | None = Field(
        default=None, repr=False, description="What stood behind the # of an invitation's link, where one is needed."
    )
    setup: LinkToken | None = Field(
        default=None,
        repr=False,
        description="What stood behind `#setup=` of the set-up link: the account becomes the administrator.",
    )


class Credentials(RequestModel):
    """Who wants to sign in. What no account could have is simply wrong."""

    email: Text
    password: Password


class Membership(BaseModel):
    """A ledger, and what the person is to it."""

    id: UUID
    name: str
    role: Role
    currency: CurrencyCode
    time_zone: str
    locale: str
    personal: bool


class User(BaseModel):
    """A person and the ledgers they may see."""

    id: UUID
    email: str
    name: str | None
    email_verified: bool = Field(description="Whether a link sent to the address was opened.")
    pending_email: str | None = Field(
        description="The address that takes the place of `email` once the link sent there was opened."
    )
    admin: bool = Field(description="Whether they may invite people to this installation.")
    week_start: WeekStart = Field(description="Where weeks begin: as the person chose, else as in their locale.")
    ledgers: list[Membership]


class SignedIn(BaseModel):
    """A session has begun or goes on. The browser has the tokens in cookies; programs take this one."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - RFC 6750's name for the kind
    expires_in: int
    user: User


class Session(BaseModel):
    """A session of a user."""

    id: UUID
    device: str | None = Field(description="What the browser or program called itself.")
    address: str | None = Field(description="The network address from which it was last used.")
    created_at: datetime
    used_at: datetime
    current: bool = Field(description="Whether it is the one that asks.")


class SessionList(BaseModel):
    """All of them at once."""

    items: list[Session]
    next_cursor: None = None
