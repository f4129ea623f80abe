"""The public JSON about one's own account, and about who may have one."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, model_validator

from contracts.days import WeekStart
from services.auth.identity.email_addresses import read_email
from services.auth.identity.schemas import LinkToken, Name, NewPassword, Password, RequestModel, Text, TypedPassword

RegistrationMode = Literal["open", "invite"]

Email = Annotated[Text, AfterValidator(read_email)]


class PasswordChange(RequestModel):
    """The password that is, and the one that shall be."""

    current: Password
    new: NewPassword
    revoke_tokens: bool = Field(default=False, description="Whether the API tokens of the account end as well.")


class ResetRequest(RequestModel):
    """Whose password is forgotten."""

    email: Text


class Reset(RequestModel):
    """What stood behind the # of the link, and the password that shall be."""

    token: LinkToken = Field(repr=False)
    password: NewPassword


class Verification(RequestModel):
    """What stood behind the # of the link in a verification mail."""

    token: LinkToken = Field(repr=False)


class ProfilePatch(RequestModel):
    """What to change. Another email address needs the password, since it is half of signing in.

    Where mail is sent, the new address counts once its link was opened.
    """

    name: Name | None = None
    week_start: WeekStart | None = Field(default=None, description="Null is where weeks begin in their locale.")
    email: Email | None = None
    password: TypedPassword | None = Field(default=None, repr=False)

    @model_validator(mode="after")
    def _an_address_stays(self) -> "ProfilePatch":
        if "email" in self.model_fields_set and (self.email is None or self.password is None):
            raise ValueError("another email address needs the password beside it")
        return self


class Options(BaseModel):
    """What the sign-in page needs before a user is known."""

    registration: RegistrationMode = Field(description="Who may make an account: everybody, or who is invited.")
    mail: bool = Field(description="Whether a link for a new password can be sent.")
    first: bool = Field(description="Whether there is no account yet.")
    administrator: bool = Field(description="Whether there is an administrator; a set-up link makes one.")


class RegistrationInvitationRequest(RequestModel):
    """For whom it is, if it is to be known; it is sent there where mail is set."""

    email: Email | None = None


class RegistrationInvitation(BaseModel):
    """A link with which one person may make an account."""

    id: UUID
    email: str | None
    created_at: datetime
    expires_at: datetime


class NewRegistrationInvitation(RegistrationInvitation):
    """The only time that the link is shown."""

    link: str = Field(repr=False)


class RegistrationInvitationList(BaseModel):
    """All that can still be used."""

    items: list[RegistrationInvitation]
    next_cursor: None = None
