"""Endpoints of the ledger and its journal."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from chassis.http.components import component
from contracts.ids import ActionId
from services.expenses.ledger import requests, schemas
from services.expenses.ledger.responses import read_response, write_response
from services.expenses.ledger.service import JournalService
from services.expenses.ledger.undo import UndoResult

router = APIRouter(prefix="/api/v1")

Service = Annotated[JournalService, Depends(component(JournalService))]


@router.get("/ledger", response_model=schemas.Ledger, dependencies=[requests.LEDGER_ONLY])
def read_ledger(http: Request, request: requests.Read, service: Service) -> Response:
    """The ledger's currency, time zone and locale."""
    return read_response(http, service.settings(request))


@router.get("/journal", response_model=schemas.JournalPage)
def read_journal(
    http: Request, request: requests.Read, service: Service, query: Annotated[schemas.JournalQuery, Query()]
) -> Response:
    """Entries of the ledger's journal after a revision, oldest first. A page may end before `limit`, after 1 MB."""
    return read_response(http, service.journal(request, query))


@router.post("/journal/{action_id}/undo", status_code=201, response_model=UndoResult)
def undo_action(
    http: Request,
    request: requests.Change,
    service: Service,
    action_id: ActionId,
    query: Annotated[schemas.UndoQuery, Query()],
) -> Response:
    """Undo an action. Later changes prevent it (409), unless they are skipped."""
    return write_response(http, service.undo_action(request, action_id, skip=query.skip is not None), 201)
