"""The JSON of the user's own account, and of registration."""

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
    """The current password and the new one."""

    current: Password
    new: NewPassword
    revoke_tokens: bool = Field(default=False, description="Whether to revoke the account's API tokens as well.")


class ResetRequest(RequestModel):
    """The address of the account whose password is forgotten."""

    email: Text


class Reset(RequestModel):
    """The token after the # of a reset link, and the new password."""

    token: LinkToken = Field(repr=False)
    password: NewPassword


class Verification(RequestModel):
    """The token after the # of a verification link."""

    token: LinkToken = Field(repr=False)


class ProfilePatch(RequestModel):
    """The fields to change. A new email address needs the password, since it is half of the credentials.

    If a mail server is configured, the new address takes effect once its link is opened.
    """

    name: Name | None = None
    week_start: WeekStart | None = Field(
        default=None, description="First day of the week; null means the locale's own."
    )
    email: Email | None = None
    password: TypedPassword | None = Field(default=None, repr=False)

    @model_validator(mode="after")
    def _new_email_needs_password(self) -> "ProfilePatch":
        if "email" in self.model_fields_set and (self.email is None or self.password is None):
            raise ValueError("a new email address needs the password as well")
        return self


class Options(BaseModel):
    """The settings that the sign-in page needs before a user is known."""

    registration: RegistrationMode = Field(description="Whether registration is open, or needs an invitation.")
    mail: bool = Field(description="Whether a password reset link can be emailed.")
    first: bool = Field(description="Whether there are no accounts yet.")
    administrator: bool = Field(description="Whether there is an administrator. If not, the set-up link creates one.")


class RegistrationInvitationRequest(RequestModel):
    """The address to invite, if any. The link is emailed there if a mail server is configured."""

    email: Email | None = None


class RegistrationInvitation(BaseModel):
    """A link with which one person may register."""

    id: UUID
    email: str | None
    created_at: datetime
    expires_at: datetime


class NewRegistrationInvitation(RegistrationInvitation):
    """A new invitation. No later response contains its link."""

    link: str = Field(repr=False)


class RegistrationInvitationList(BaseModel):
    """All invitations that can still be used."""

    items: list[RegistrationInvitation]
    next_cursor: None = None
