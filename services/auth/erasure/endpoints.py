"""The HTTP door of whoever leaves: everything to take along, everything deleted, and the receipt."""

from http import HTTPStatus
from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from chassis.http.app import json_body
from chassis.http.authorization import CurrentUser
from services.auth.erasure.export import Exporting
from services.auth.erasure.schemas import AccountExport, EraseIn, Receipt
from services.auth.erasure.service import Erasing
from services.auth.sign_in.cookies import CookieJar

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])
public = APIRouter(prefix="/api/v1/erasures", tags=["auth"])


def _erasing(request: Request) -> Erasing:
    return cast("Erasing", request.app.state.erasing)


def _exporting(request: Request) -> Exporting:
    return cast("Exporting", request.app.state.exporting)


Deleting = Annotated[Erasing, Depends(_erasing)]


@router.post("/erase", status_code=HTTPStatus.ACCEPTED, dependencies=[Depends(json_body)])
def erase_account(
    request: Request, sent: EraseIn, claims: CurrentUser, erasing: Deleting, response: Response
) -> Receipt:
    """Deletes the account for ever, with every ledger that nobody else is in."""
    receipt = erasing.erase_account(claims, sent.password)
    cookies: CookieJar = request.app.state.cookies
    cookies.empty(response)
    return receipt


@router.get("/export")
def export_account(
    claims: CurrentUser, exporting: Annotated[Exporting, Depends(_exporting)], response: Response
) -> AccountExport:
    """All that is known about the person, beside what their ledgers hold."""
    response.headers["Content-Disposition"] = 'attachment; filename="outlay-account.json"'
    response.headers["Cache-Control"] = "no-store"
    return exporting.export(claims)


@public.get("/{receipt}")
def read_receipt(receipt: UUID, erasing: Deleting) -> Receipt:
    """What was deleted, where and when; for whoever knows the receipt, who need have no account any more."""
    return erasing.receipt(receipt)
