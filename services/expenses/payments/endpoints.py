"""Endpoints of expenses."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from chassis.http.authorization import ServiceCaller
from chassis.http.components import component
from contracts.book import BookSums
from contracts.identity import Permission
from contracts.ids import ExpenseId, LedgerId
from services.expenses.ledger import requests
from services.expenses.ledger.responses import empty_response, read_response, write_response
from services.expenses.payments import queries, schemas
from services.expenses.payments.service import ExpenseService

router = APIRouter(prefix="/api/v1")
internal = APIRouter(prefix="/internal", include_in_schema=False)

Service = Annotated[ExpenseService, Depends(component(ExpenseService))]
JSON = [requests.JSON, requests.LEDGER_ONLY]


@router.post("/expenses", status_code=201, response_model=schemas.Expense, dependencies=JSON)
def record_expense(http: Request, request: requests.Add, service: Service, body: schemas.ExpenseIn) -> Response:
    """Record an expense."""
    result = service.record(request, body)
    # In a replayed response an earlier version may have written every field but the id differently.
    id_ = json.loads(result.body)["id"]
    return write_response(http, result, 201, f"/api/v1/expenses/{id_}")


@router.post("/expenses/batch", response_model=schemas.BatchResult, dependencies=JSON)
def change_expenses(http: Request, request: requests.Add, service: Service, body: schemas.Batch) -> Response:
    """Up to 500 changes, all or none."""
    if body.update or body.delete:
        request.require(Permission.WRITE)
    return write_response(http, service.change(request, body))


@router.get("/expenses", response_model=schemas.ExpensePage)
def list_expenses(
    http: Request, request: requests.Read, service: Service, query: Annotated[queries.ListQuery, Query()]
) -> Response:
    """Expenses that match all filters, newest first."""
    return read_response(http, service.list(request, query))


@router.get("/expenses/{expense_id}", response_model=schemas.Expense, dependencies=[requests.LEDGER_ONLY])
def read_expense(http: Request, request: requests.Read, service: Service, expense_id: ExpenseId) -> Response:
    """One expense."""
    return read_response(http, service.read(request, expense_id))


@router.patch("/expenses/{expense_id}", response_model=schemas.Expense, dependencies=JSON)
def correct_expense(
    http: Request, request: requests.Change, service: Service, expense_id: ExpenseId, body: schemas.ExpensePatch
) -> Response:
    """Correct an expense with a merge patch."""
    return write_response(http, service.correct(request, expense_id, body))


@router.delete("/expenses/{expense_id}", status_code=204, dependencies=[requests.LEDGER_ONLY])
def remove_expense(request: requests.Change, service: Service, expense_id: ExpenseId) -> Response:
    """Remove an expense."""
    return empty_response(service.remove(request, expense_id))


@internal.get("/sums/{ledger}")
def sums(_: ServiceCaller, service: Service, ledger: LedgerId) -> BookSums:
    """Returns sums of a ledger's expenses."""
    return service.sums(ledger)
