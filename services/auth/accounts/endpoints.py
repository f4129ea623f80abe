"""Endpoints of the user's own account (profile, password, sessions) and of invitations to register."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from chassis.http.app import json_body
from chassis.http.authorization import Bearer, CurrentUser
from chassis.http.components import component
from services.auth.accounts.email_verification import EmailVerification
from services.auth.accounts.password_reset import PasswordReset
from services.auth.accounts.registration import Registrations
from services.auth.accounts.reset_links import ResetLinks
from services.auth.accounts.schemas import (
    NewRegistrationInvitation,
    Options,
    PasswordChange,
    ProfilePatch,
    RegistrationInvitationList,
    RegistrationInvitationRequest,
    Reset,
    ResetRequest,
    Verification,
)
from services.auth.accounts.service import ProfileService
from services.auth.accounts.session_list import SessionService
from services.auth.identity.schemas import SessionList, User
from services.auth.throttling.client_info import Client

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])

_JSON = [Depends(json_body)]


@dataclass(frozen=True)
class AccountServices:
    """The use cases, one service for each topic."""

    profile: ProfileService
    sessions: SessionService
    reset_links: ResetLinks
    password_reset: PasswordReset
    registration: Registrations
    verification: EmailVerification


Services = Annotated[AccountServices, Depends(component(AccountServices))]


@router.get("/options")
def sign_in_options(services: Services) -> Options:
    """Returns the settings that the sign-in page needs before a user is known."""
    return services.registration.options()


@router.get("/me")
def me(claims: Bearer, services: Services) -> User:
    """Returns the current user with their ledgers. An API token with the scope `read` is enough."""
    return services.profile.user(claims)


@router.patch("/me", dependencies=_JSON)
def change_profile(request: ProfilePatch, claims: CurrentUser, services: Services) -> User:
    """Changes the name, or the email address if the password is given."""
    return services.profile.change_profile(claims, request)


@router.post("/password", status_code=HTTPStatus.NO_CONTENT, dependencies=_JSON)
def change_password(request: PasswordChange, claims: CurrentUser, services: Services) -> None:
    """Sets a new password. Ends every other session, and API tokens with `revoke_tokens`."""
    services.profile.change_password(claims, request)


@router.post("/reset-request", status_code=HTTPStatus.ACCEPTED, dependencies=_JSON)
def request_password_reset(request: ResetRequest, client: Client, services: Services) -> None:
    """Emails a link for a new password to this address if it has an account. The response is the same if not."""
    services.reset_links.request(request.email, client.address)


@router.post("/reset", status_code=HTTPStatus.NO_CONTENT, dependencies=_JSON)
def reset_password(request: Reset, services: Services) -> None:
    """Sets a new password by a link. Ends every session and API token."""
    services.password_reset.reset(request)


@router.post("/verification", status_code=HTTPStatus.ACCEPTED)
def request_verification(claims: CurrentUser, client: Client, services: Services) -> None:
    """Sends the verification link again, to the pending address if there is one."""
    services.verification.request(claims, client.address)


@router.post("/verify", status_code=HTTPStatus.NO_CONTENT, dependencies=_JSON)
def verify_email(request: Verification, services: Services) -> None:
    """Verifies an address by a link. A pending address replaces the current one."""
    services.verification.verify(request.token)


@router.get("/sessions")
def list_sessions(claims: CurrentUser, services: Services) -> SessionList:
    """Lists the user's sessions, last used first."""
    return services.sessions.list(claims)


@router.delete("/sessions", status_code=HTTPStatus.NO_CONTENT)
def end_sessions(
    claims: CurrentUser,
    services: Services,
    keep: Annotated[Literal["current"] | None, Query()] = None,
    tokens: Annotated[Literal["revoke"] | None, Query()] = None,
) -> None:
    """Signs out everywhere, or with `keep=current` everywhere else; `tokens=revoke` ends API tokens as well."""
    services.sessions.end_all(claims, keep_current=keep is not None, with_tokens=tokens is not None)


@router.delete("/sessions/{id}", status_code=HTTPStatus.NO_CONTENT)
def end_session(id: UUID, claims: CurrentUser, services: Services) -> None:  # noqa: A002 - the path's name for it
    """Ends one session."""
    services.sessions.end(claims, id)


@router.post("/invitations", status_code=HTTPStatus.CREATED, dependencies=_JSON)
def invite_newcomer(
    request: RegistrationInvitationRequest, claims: CurrentUser, services: Services
) -> NewRegistrationInvitation:
    """Creates a link with which one person may register. For administrators."""
    return services.registration.invite(claims, request)


@router.get("/invitations")
def list_newcomer_invitations(claims: CurrentUser, services: Services) -> RegistrationInvitationList:
    """Lists the invitations that can still be used. For administrators."""
    return services.registration.invitations(claims)


@router.delete("/invitations/{id}", status_code=HTTPStatus.NO_CONTENT)
def withdraw_newcomer_invitation(id: UUID, claims: CurrentUser, services: Services) -> None:  # noqa: A002 - as above
    """Withdraws an invitation: its link stops working. For administrators."""
    services.registration.withdraw(claims, id)
