"""Endpoints of erasure and of an account's export."""

from http import HTTPStatus
from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from chassis.http.app import json_body
from chassis.http.authorization import CurrentUser
from services.auth.erasure.export import AccountExporter
from services.auth.erasure.schemas import AccountExport, EraseIn, Receipt
from services.auth.erasure.service import AccountErasure
from services.auth.sign_in.cookies import CookieJar

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])
public = APIRouter(prefix="/api/v1/erasures", tags=["auth"])


def _erasure(request: Request) -> AccountErasure:
    return cast("AccountErasure", request.app.state.erasing)


def _exporter(request: Request) -> AccountExporter:
    return cast("AccountExporter", request.app.state.exporting)


Erasure = Annotated[AccountErasure, Depends(_erasure)]


@router.post("/erase", status_code=HTTPStatus.ACCEPTED, dependencies=[Depends(json_body)])
def erase_account(
    request: Request, order: EraseIn, claims: CurrentUser, erasing: Erasure, response: Response
) -> Receipt:
    """Deletes the account for ever, with every ledger that has no other member."""
    receipt = erasing.erase_account(claims, order.password)
    cookies: CookieJar = request.app.state.cookies
    cookies.empty(response)
    return receipt


@router.get("/export")
def export_account(
    claims: CurrentUser, exporting: Annotated[AccountExporter, Depends(_exporter)], response: Response
) -> AccountExport:
    """All that is known about the person, beside what their ledgers hold."""
    response.headers["Content-Disposition"] = 'attachment; filename="outlay-account.json"'
    response.headers["Cache-Control"] = "no-store"
    return exporting.export(claims)


@public.get("/{receipt}")
def read_receipt(receipt: UUID, erasing: Erasure) -> Receipt:
    """What was deleted, where and when. Needs only the receipt's id: the account is deleted."""
    return erasing.receipt(receipt)
