"""The HTTP door to one's own account: where it is signed in, its password, its name; and who may have one at all."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from chassis.http.app import json_body
from chassis.http.authorization import Bearer, CurrentUser
from services.auth.accounts.email_verification import EmailVerification
from services.auth.accounts.password_reset import Recovery
from services.auth.accounts.registration import Admission
from services.auth.accounts.reset_links import ResetLinks
from services.auth.accounts.schemas import (
    InvitationList,
    InvitationMade,
    InvitationWanted,
    Options,
    PasswordChange,
    ProfilePatch,
    Reset,
    ResetRequest,
    Verification,
)
from services.auth.accounts.service import OwnAccount
from services.auth.schemas import SessionList, User
from services.auth.sign_in.endpoints import Visiting
from services.auth.sign_in.session_list import SessionDesk

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])

_JSON = [Depends(json_body)]


@dataclass(frozen=True)
class AccountDesk:
    """The use cases, by what they are about."""

    own: OwnAccount
    sessions: SessionDesk
    reset_links: ResetLinks
    recovery: Recovery
    admission: Admission
    verification: EmailVerification


def _desk(request: Request) -> AccountDesk:
    desk: AccountDesk = request.app.state.account_desk
    return desk


Desk = Annotated[AccountDesk, Depends(_desk)]


@router.get("/options")
def sign_in_options(desk: Desk) -> Options:
    """What the sign-in page has to know before anybody is known."""
    return desk.admission.options()


@router.get("/me")
def me(claims: Bearer, desk: Desk) -> User:
    """The person who asks, with their ledgers; a program with a token that may read can ask as well."""
    return desk.own.user(claims)


@router.patch("/me", dependencies=_JSON)
def change_profile(sent: ProfilePatch, claims: CurrentUser, desk: Desk) -> User:
    """Another name, or with the password another email address."""
    return desk.own.change_profile(claims, sent)


@router.post("/password", status_code=HTTPStatus.NO_CONTENT, dependencies=_JSON)
def change_password(sent: PasswordChange, claims: CurrentUser, desk: Desk) -> None:
    """A new password; every other session ends, and API tokens with `revoke_tokens`."""
    desk.own.change_password(claims, sent)


@router.post("/reset-request", status_code=HTTPStatus.ACCEPTED, dependencies=_JSON)
def request_password_reset(sent: ResetRequest, visitor: Visiting, desk: Desk) -> None:
    """Sends a link for a new password to that address, if it has an account. The answer is the same if not."""
    desk.reset_links.ask(sent.email, visitor.address)


@router.post("/reset", status_code=HTTPStatus.NO_CONTENT, dependencies=_JSON)
def reset_password(sent: Reset, desk: Desk) -> None:
    """Sets a new password by a link; every session and API token ends."""
    desk.recovery.reset(sent)


@router.post("/verification", status_code=HTTPStatus.ACCEPTED)
def request_verification(claims: CurrentUser, visitor: Visiting, desk: Desk) -> None:
    """Sends the link that verifies the address again: the pending one, where there is one."""
    desk.verification.request(claims, visitor.address)


@router.post("/verify", status_code=HTTPStatus.NO_CONTENT, dependencies=_JSON)
def verify_email(sent: Verification, desk: Desk) -> None:
    """Verifies an address by a link; a pending address takes the place of the one before."""
    desk.verification.verify(sent.token)


@router.get("/sessions")
def list_sessions(claims: CurrentUser, desk: Desk) -> SessionList:
    """Where the person is signed in, last used first."""
    return desk.sessions.list(claims)


@router.delete("/sessions", status_code=HTTPStatus.NO_CONTENT)
def end_sessions(
    claims: CurrentUser,
    desk: Desk,
    keep: Annotated[Literal["current"] | None, Query()] = None,
    tokens: Annotated[Literal["revoke"] | None, Query()] = None,
) -> None:
    """Signs out everywhere, or with `keep=current` everywhere else; `tokens=revoke` ends API tokens as well."""
    desk.sessions.end_all(claims, keep_current=keep is not None, with_tokens=tokens is not None)


@router.delete("/sessions/{id}", status_code=HTTPStatus.NO_CONTENT)
def end_session(id: UUID, claims: CurrentUser, desk: Desk) -> None:  # noqa: A002 - the path's name for it
    """Signs out one of them."""
    desk.sessions.end(claims, id)


@router.post("/invitations", status_code=HTTPStatus.CREATED, dependencies=_JSON)
def invite_newcomer(sent: InvitationWanted, claims: CurrentUser, desk: Desk) -> InvitationMade:
    """The administrator makes a link with which one person may make an account."""
    return desk.admission.invite(claims, sent)


@router.get("/invitations")
def list_newcomer_invitations(claims: CurrentUser, desk: Desk) -> InvitationList:
    """Those that can still be used, for the administrator."""
    return desk.admission.invitations(claims)


@router.delete("/invitations/{id}", status_code=HTTPStatus.NO_CONTENT)
def withdraw_newcomer_invitation(id: UUID, claims: CurrentUser, desk: Desk) -> None:  # noqa: A002 - as above
    """The link is good for nothing from now on."""
    desk.admission.withdraw(claims, id)
