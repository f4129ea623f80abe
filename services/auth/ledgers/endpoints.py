"""The HTTP door of ledgers, their members and invitations."""

from http import HTTPStatus
from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from chassis.http.app import json_body
from chassis.http.authorization import Bearer, CurrentUser
from services.auth.erasure.schemas import EraseIn, Receipt
from services.auth.erasure.service import Erasing
from services.auth.invitations.service import Inviting
from services.auth.ledgers import schemas
from services.auth.ledgers.service import Sharing
from services.auth.schemas import Membership

router = APIRouter(prefix="/api/v1/ledgers", tags=["auth"])
invitations = APIRouter(prefix="/api/v1/invitations", tags=["auth"])

JSON = [Depends(json_body)]


def _sharing(request: Request) -> Sharing:
    return cast("Sharing", request.app.state.sharing)


def _inviting(request: Request) -> Inviting:
    return cast("Inviting", request.app.state.inviting)


def _erasing(request: Request) -> Erasing:
    return cast("Erasing", request.app.state.erasing)


Shared = Annotated[Sharing, Depends(_sharing)]
Invited = Annotated[Inviting, Depends(_inviting)]


@router.get("")
def list_ledgers(claims: Bearer, shared: Shared) -> schemas.LedgerList:
    """The ledgers that one may see, the personal one first."""
    return shared.ledgers(claims)


@router.post("", status_code=HTTPStatus.CREATED, dependencies=JSON)
def create_ledger(sent: schemas.LedgerIn, claims: CurrentUser, shared: Shared) -> Membership:
    """Makes a ledger that can be shared."""
    return shared.create(claims, sent)


@router.patch("/{ledger_id}", dependencies=JSON)
def rename_ledger(ledger_id: UUID, sent: schemas.LedgerPatch, claims: CurrentUser, shared: Shared) -> Membership:
    """Gives it another name."""
    return shared.rename(claims, ledger_id, sent.name)


@router.delete("/{ledger_id}", status_code=HTTPStatus.ACCEPTED, dependencies=JSON)
def erase_ledger(
    ledger_id: UUID, sent: EraseIn, claims: CurrentUser, erasing: Annotated[Erasing, Depends(_erasing)]
) -> Receipt:
    """Deletes the ledger for ever, for all its members. Needs the password."""
    return erasing.erase_ledger(claims, ledger_id, sent.password)


@router.get("/{ledger_id}/members")
def list_members(ledger_id: UUID, claims: Bearer, shared: Shared) -> schemas.MemberList:
    """Who is in it."""
    return shared.members(claims, ledger_id)


@router.patch("/{ledger_id}/members/{account}", dependencies=JSON)
def change_role(
    ledger_id: UUID, account: UUID, sent: schemas.RolePatch, claims: CurrentUser, shared: Shared
) -> schemas.Member:
    """Makes a member something else."""
    return shared.change_role(claims, ledger_id, account, sent.role)


@router.delete("/{ledger_id}/members/{account}", status_code=HTTPStatus.NO_CONTENT)
def remove_member(ledger_id: UUID, account: UUID, claims: CurrentUser, shared: Shared) -> None:
    """Takes somebody out, or leaves."""
    shared.remove(claims, ledger_id, account)


@router.post("/{ledger_id}/hand-over", dependencies=JSON)
def hand_over(ledger_id: UUID, sent: schemas.HandOver, claims: CurrentUser, shared: Shared) -> schemas.MemberList:
    """Makes another member the owner, and oneself an editor."""
    return shared.hand_over(claims, ledger_id, sent.account)


@router.post("/{ledger_id}/invitations", status_code=HTTPStatus.CREATED, dependencies=JSON)
def invite(ledger_id: UUID, sent: schemas.InvitationIn, claims: CurrentUser, invited: Invited) -> schemas.NewInvitation:
    """Makes a link that is good once, for seven days. It is shown this once."""
    return invited.invite(claims, ledger_id, sent)


@router.get("/{ledger_id}/invitations")
def list_invitations(ledger_id: UUID, claims: CurrentUser, invited: Invited) -> schemas.InvitationList:
    """Those that nobody has accepted yet, newest first."""
    return invited.invitations(claims, ledger_id)


@router.delete("/{ledger_id}/invitations/{invitation_id}", status_code=HTTPStatus.NO_CONTENT)
def withdraw_invitation(ledger_id: UUID, invitation_id: UUID, claims: CurrentUser, invited: Invited) -> None:
    """Makes the link worth nothing."""
    invited.withdraw(claims, ledger_id, invitation_id)


@invitations.post("/preview", dependencies=JSON)
def preview_invitation(
    sent: schemas.InvitationToken, claims: CurrentUser, invited: Invited
) -> schemas.InvitationPreview:
    """Where a link leads."""
    return invited.preview(claims, sent.token)


@invitations.post("/accept", dependencies=JSON)
def accept_invitation(sent: schemas.InvitationToken, claims: CurrentUser, invited: Invited) -> Membership:
    """Joins a ledger. Doing it twice is fine."""
    return invited.accept(claims, sent.token)
