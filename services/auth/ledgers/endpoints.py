"""The HTTP door of ledgers, their members and invitations."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from chassis.http.app import json_body
from chassis.http.authorization import Bearer, CurrentUser
from chassis.http.components import component
from contracts.ids import LedgerId, UserId
from services.auth.erasure.schemas import EraseIn, Receipt
from services.auth.erasure.service import AccountErasure
from services.auth.invitations.service import LedgerInvitationService
from services.auth.ledgers import schemas
from services.auth.ledgers.service import LedgerService
from services.auth.schemas import Membership

router = APIRouter(prefix="/api/v1/ledgers", tags=["auth"])
invitations = APIRouter(prefix="/api/v1/invitations", tags=["auth"])

JSON = [Depends(json_body)]


Ledgers = Annotated[LedgerService, Depends(component(LedgerService))]
Invitations = Annotated[LedgerInvitationService, Depends(component(LedgerInvitationService))]


@router.get("")
def list_ledgers(claims: Bearer, shared: Ledgers) -> schemas.LedgerList:
    """The ledgers that one may see, the personal one first."""
    return shared.ledgers(claims)


@router.post("", status_code=HTTPStatus.CREATED, dependencies=JSON)
def create_ledger(request: schemas.LedgerIn, claims: CurrentUser, shared: Ledgers) -> Membership:
    """Makes a ledger that can be shared."""
    return shared.create(claims, request)


@router.patch("/{ledger_id}", dependencies=JSON)
def rename_ledger(
    ledger_id: LedgerId, request: schemas.LedgerPatch, claims: CurrentUser, shared: Ledgers
) -> Membership:
    """Gives it another name."""
    return shared.rename(claims, ledger_id, request.name)


@router.delete("/{ledger_id}", status_code=HTTPStatus.ACCEPTED, dependencies=JSON)
def erase_ledger(
    ledger_id: LedgerId,
    request: EraseIn,
    claims: CurrentUser,
    erasing: Annotated[AccountErasure, Depends(component(AccountErasure))],
) -> Receipt:
    """Deletes the ledger for ever, for all its members. Needs the password."""
    return erasing.erase_ledger(claims, ledger_id, request.password)


@router.get("/{ledger_id}/members")
def list_members(ledger_id: LedgerId, claims: Bearer, shared: Ledgers) -> schemas.MemberList:
    """Who is in it."""
    return shared.members(claims, ledger_id)


@router.patch("/{ledger_id}/members/{account}", dependencies=JSON)
def change_role(
    ledger_id: LedgerId, account: UserId, request: schemas.RolePatch, claims: CurrentUser, shared: Ledgers
) -> schemas.Member:
    """Makes a member something else."""
    return shared.change_role(claims, ledger_id, account, request.role)


@router.delete("/{ledger_id}/members/{account}", status_code=HTTPStatus.NO_CONTENT)
def remove_member(ledger_id: LedgerId, account: UserId, claims: CurrentUser, shared: Ledgers) -> None:
    """Removes a member, or leaves the ledger."""
    shared.remove(claims, ledger_id, account)


@router.post("/{ledger_id}/hand-over", dependencies=JSON)
def hand_over(
    ledger_id: LedgerId, request: schemas.HandOver, claims: CurrentUser, shared: Ledgers
) -> schemas.MemberList:
    """Makes another member the owner, and oneself an editor."""
    return shared.hand_over(claims, ledger_id, request.account)


@router.post("/{ledger_id}/invitations", status_code=HTTPStatus.CREATED, dependencies=JSON)
def invite(
    ledger_id: LedgerId, request: schemas.InvitationIn, claims: CurrentUser, invited: Invitations
) -> schemas.NewInvitation:
    """Makes a link that is good once, for seven days. It is shown this once."""
    return invited.invite(claims, ledger_id, request)


@router.get("/{ledger_id}/invitations")
def list_invitations(ledger_id: LedgerId, claims: CurrentUser, invited: Invitations) -> schemas.InvitationList:
    """Open invitations, newest first."""
    return invited.invitations(claims, ledger_id)


@router.delete("/{ledger_id}/invitations/{invitation_id}", status_code=HTTPStatus.NO_CONTENT)
def withdraw_invitation(ledger_id: LedgerId, invitation_id: UUID, claims: CurrentUser, invited: Invitations) -> None:
    """Makes the link worth nothing."""
    invited.withdraw(claims, ledger_id, invitation_id)


@invitations.post("/preview", dependencies=JSON)
def preview_invitation(
    request: schemas.InvitationToken, claims: CurrentUser, invited: Invitations
) -> schemas.InvitationPreview:
    """Where a link leads."""
    return invited.preview(claims, request.token)


@invitations.post("/accept", dependencies=JSON)
def accept_invitation(request: schemas.InvitationToken, claims: CurrentUser, invited: Invitations) -> Membership:
    """Joins a ledger. Doing it twice is fine."""
    return invited.accept(claims, request.token)
