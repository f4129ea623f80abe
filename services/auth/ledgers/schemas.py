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
    """A new ledger. Absent fields are as in the user's personal ledger."""

    name: Label = Field(examples=["Household"])
    currency: Annotated[CurrencyCode, AfterValidator(check_currency)] | None = Field(default=None, examples=["EUR"])
    time_zone: Annotated[Text, AfterValidator(check_time_zone)] | None = Field(default=None, examples=["Europe/Vienna"])
    locale: Annotated[Text, AfterValidator(check_locale)] | None = Field(default=None, examples=["de-AT"])


class LedgerPatch(RequestModel):
    """The new name of a ledger."""

    name: Label


class LedgerList(BaseModel):
    """The ledgers that the user may see, the personal one first."""

    items: list[Membership]
    next_cursor: None = None


class Member(BaseModel):
    """A member of a ledger."""

    account: UserId
    name: str = Field(description="The email address of a user without a name.")
    role: Role


class MemberList(BaseModel):
    """All members of a ledger. An account in its journal that is missing here is a former member."""

    items: list[Member]
    next_cursor: None = None


class RolePatch(RequestModel):
    """The new role of a member."""

    role: Role


class HandOver(RequestModel):
    """The future owner of the ledger. The current user becomes an editor."""

    account: UserId


class InvitationIn(RequestModel):
    """An invitation for anyone with the link, or for one address alone."""

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
    """A new invitation. No later response contains its link."""

    token: str
    link: str = Field(description="Send it to the invited person. It works once.")


class InvitationList(BaseModel):
    """All open invitations of a ledger."""

    items: list[Invitation]
    next_cursor: None = None


class InvitationToken(RequestModel):
    """The token of an invitation link."""

    token: Annotated[str, Field(max_length=200, repr=False)]


class InvitationPreview(BaseModel):
    """The ledger and the role that an invitation link offers."""

    ledger: str = Field(description="Its name.")
    role: GuestRole
    invited_by: str
    expires_at: datetime
    member: bool = Field(description="Whether the user is a member of that ledger already.")
