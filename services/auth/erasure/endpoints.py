"""Endpoints of erasure and of an account's export."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from chassis.http.app import json_body
from chassis.http.authorization import CurrentUser
from chassis.http.components import component
from contracts.ids import LedgerId
from services.auth.erasure.export import AccountExporter
from services.auth.erasure.schemas import AccountExport, EraseIn, Receipt
from services.auth.erasure.service import AccountErasure
from services.auth.sessions.cookies import CookieJar

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])
ledgers = APIRouter(prefix="/api/v1/ledgers", tags=["auth"])
public = APIRouter(prefix="/api/v1/erasures", tags=["auth"])


Cookies = Annotated[CookieJar, Depends(component(CookieJar))]
Erasure = Annotated[AccountErasure, Depends(component(AccountErasure))]


@router.post("/erase", status_code=HTTPStatus.ACCEPTED, dependencies=[Depends(json_body)])
def erase_account(
    order: EraseIn, claims: CurrentUser, erasing: Erasure, cookies: Cookies, response: Response
) -> Receipt:
    """Deletes the account permanently, with every ledger that has no other member."""
    receipt = erasing.erase_account(claims, order.password)
    cookies.empty(response)
    return receipt


@ledgers.delete("/{ledger_id}", status_code=HTTPStatus.ACCEPTED, dependencies=[Depends(json_body)])
def erase_ledger(
    ledger_id: LedgerId,
    request: EraseIn,
    claims: CurrentUser,
    erasing: Erasure,
) -> Receipt:
    """Deletes the ledger permanently, for all its members. Needs the password."""
    return erasing.erase_ledger(claims, ledger_id, request.password)


@router.get("/export")
def export_account(
    claims: CurrentUser, exporting: Annotated[AccountExporter, Depends(component(AccountExporter))], response: Response
) -> AccountExport:
    """Returns all data about the user, except the contents of their ledgers."""
    response.headers["Content-Disposition"] = 'attachment; filename="outlay-account.json"'
    response.headers["Cache-Control"] = "no-store"
    return exporting.export(claims)


@public.get("/{receipt}")
def read_receipt(receipt: UUID, erasing: Erasure) -> Receipt:
    """Returns what was deleted, where and when. Needs only the receipt's id, since the account is deleted."""
    return erasing.receipt(receipt)
