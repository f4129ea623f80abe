"""Endpoints of invitations into ledgers."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from chassis.http.app import json_body
from chassis.http.authorization import CurrentUser
from chassis.http.components import component
from contracts.ids import LedgerId
from services.auth.identity.schemas import Membership
from services.auth.invitations.service import LedgerInvitationService
from services.auth.ledgers import schemas

router = APIRouter(prefix="/api/v1/ledgers", tags=["auth"])
links = APIRouter(prefix="/api/v1/invitations", tags=["auth"])

JSON = [Depends(json_body)]
Invitations = Annotated[LedgerInvitationService, Depends(component(LedgerInvitationService))]


@router.post("/{ledger_id}/invitations", status_code=HTTPStatus.CREATED, dependencies=JSON)
def invite(
    ledger_id: LedgerId, request: schemas.InvitationIn, claims: CurrentUser, invited: Invitations
) -> schemas.NewInvitation:
    """Creates an invitation link that works once, for seven days. No later response contains the link."""
    return invited.invite(claims, ledger_id, request)


@router.get("/{ledger_id}/invitations")
def list_invitations(ledger_id: LedgerId, claims: CurrentUser, invited: Invitations) -> schemas.InvitationList:
    """Lists open invitations, newest first."""
    return invited.invitations(claims, ledger_id)


@router.delete("/{ledger_id}/invitations/{invitation_id}", status_code=HTTPStatus.NO_CONTENT)
def withdraw_invitation(ledger_id: LedgerId, invitation_id: UUID, claims: CurrentUser, invited: Invitations) -> None:
    """Withdraws an invitation: its link stops working."""
    invited.withdraw(claims, ledger_id, invitation_id)


@links.post("/preview", dependencies=JSON)
def preview_invitation(
    request: schemas.InvitationToken, claims: CurrentUser, invited: Invitations
) -> schemas.InvitationPreview:
    """Returns the ledger and the role that a link offers."""
    return invited.preview(claims, request.token)


@links.post("/accept", dependencies=JSON)
def accept_invitation(request: schemas.InvitationToken, claims: CurrentUser, invited: Invitations) -> Membership:
    """Joins a ledger. Repeating the request is safe."""
    return invited.accept(claims, request.token)
