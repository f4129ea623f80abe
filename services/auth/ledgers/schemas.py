"""The JSON of ledgers, their members, and invitations into them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from contracts.book import CurrencyCode
from contracts.identity import Role
from contracts.ids import UserId
from services.auth.identity.email_addresses import read_email
from services.auth.identity.locale_preferences import check_currency, check_locale, check_time_zone
from services.auth.identity.schemas import Label, Membership, RequestModel, Text

GuestRole = Literal[Role.EDITOR, Role.VIEWER]
"""Roles of an invitation; a member can become an owner later."""


class LedgerIn(RequestModel):
    """A new ledger. What is absent is as in the person's own."""

    name: Label = Field(examples=["Household"])
    currency: Annotated[CurrencyCode, AfterValidator(check_currency)] | None = Field(default=None, examples=["EUR"])
    time_zone: Annotated[Text, AfterValidator(check_time_zone)] | None = Field(default=None, examples=["Europe/Vienna"])
    locale: Annotated[Text, AfterValidator(check_locale)] | None = Field(default=None, examples=["de-AT"])


class LedgerPatch(RequestModel):
    """Another name."""

    name: Label


class LedgerList(BaseModel):
    """The ledgers that the person may see: their own first."""

    items: list[Membership]
    next_cursor: None = None


class Member(BaseModel):
    """A member of a ledger."""

    account: UserId
    name: str = Field(description="The e-mail address where they gave no name.")
    role: Role


class MemberList(BaseModel):
    """All members of a ledger. An account in the journal that is missing here was a member once."""

    items: list[Member]
    next_cursor: None = None


class RolePatch(RequestModel):
    """What a member is to be."""

    role: Role


class HandOver(RequestModel):
    """Who is to own the ledger; the one who hands it over becomes an editor."""

    account: UserId


class InvitationIn(RequestModel):
    """An invitation by link, or for one address alone."""

    role: GuestRole
    email: Annotated[Text, AfterValidator(read_email)] | None = Field(
        default=None, description="Only the account with this address may accept.", examples=["bob@example.org"]
    )


class Invitation(BaseModel):
    """An open invitation."""

    id: UUID
    role: GuestRole
    email: str | None
    created_at: datetime
    expires_at: datetime


class NewInvitation(Invitation):
    """The only answer that holds the link."""

    token: str
    link: str = Field(description="To be sent to the invited person; it can be used once.")


class InvitationList(BaseModel):
    """All of them at once."""

    items: list[Invitation]
    next_cursor: None = None


class InvitationToken(RequestModel):
    """What stands in the link."""

    token: Annotated[str, Field(max_length=200, repr=False)]


class InvitationPreview(BaseModel):
    """Where a link leads."""

    ledger: str = Field(description="Its name.")
    role: GuestRole
    invited_by: str
    expires_at: datetime
    member: bool = Field(description="Whether the caller is in that ledger already.")
