"""Endpoints of ledgers and their members."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends

from chassis.http.app import json_body
from chassis.http.authorization import Bearer, CurrentUser
from chassis.http.components import component
from contracts.ids import LedgerId, UserId
from services.auth.identity.schemas import Membership
from services.auth.ledgers import schemas
from services.auth.ledgers.service import LedgerService

router = APIRouter(prefix="/api/v1/ledgers", tags=["auth"])

JSON = [Depends(json_body)]
Ledgers = Annotated[LedgerService, Depends(component(LedgerService))]


@router.get("")
def list_ledgers(claims: Bearer, shared: Ledgers) -> schemas.LedgerList:
    """Lists the user's ledgers, the personal one first."""
    return shared.ledgers(claims)


@router.post("", status_code=HTTPStatus.CREATED, dependencies=JSON)
def create_ledger(request: schemas.LedgerIn, claims: CurrentUser, shared: Ledgers) -> Membership:
    """Creates a ledger that can be shared."""
    return shared.create(claims, request)


@router.patch("/{ledger_id}", dependencies=JSON)
def rename_ledger(
    ledger_id: LedgerId, request: schemas.LedgerPatch, claims: CurrentUser, shared: Ledgers
) -> Membership:
    """Renames a ledger."""
    return shared.rename(claims, ledger_id, request.name)


@router.get("/{ledger_id}/members")
def list_members(ledger_id: LedgerId, claims: Bearer, shared: Ledgers) -> schemas.MemberList:
    """Lists the members of a ledger."""
    return shared.members(claims, ledger_id)


@router.patch("/{ledger_id}/members/{account}", dependencies=JSON)
def change_role(
    ledger_id: LedgerId, account: UserId, request: schemas.RolePatch, claims: CurrentUser, shared: Ledgers
) -> schemas.Member:
    """Changes the role of a member."""
    return shared.change_role(claims, ledger_id, account, request.role)


@router.delete("/{ledger_id}/members/{account}", status_code=HTTPStatus.NO_CONTENT)
def remove_member(ledger_id: LedgerId, account: UserId, claims: CurrentUser, shared: Ledgers) -> None:
    """Removes a member. Members can remove themselves to leave the ledger."""
    shared.remove(claims, ledger_id, account)


@router.post("/{ledger_id}/hand-over", dependencies=JSON)
def hand_over(
    ledger_id: LedgerId, request: schemas.HandOver, claims: CurrentUser, shared: Ledgers
) -> schemas.MemberList:
    """Makes another member the owner, and the current user an editor."""
    return shared.hand_over(claims, ledger_id, request.account)
