"""Endpoints of expenses, categories, the ledger and its journal."""

import json
from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from chassis.http.app import json_body
from chassis.http.authorization import AddAccess, LedgerParameter, ReadAccess, RequestVia, WriteAccess, require
from chassis.http.responses import IdempotencyKey, MinRevision, respond
from contracts.headers import ACTION, IDEMPOTENT_REPLAYED, REVISION
from contracts.identity import Permission
from services.expenses import queries, schemas
from services.expenses.ledger.reader import JournalPage, LedgerReader, ReadResult
from services.expenses.ledger.undo import UndoResult
from services.expenses.ledger.unit_of_work import WriteResult
from services.expenses.service import ExpenseService

router = APIRouter(prefix="/api/v1")

JSON = [Depends(json_body)]


def _reader(request: Request) -> LedgerReader:
    return cast("LedgerReader", request.app.state.reader)


def _service(request: Request) -> ExpenseService:
    return cast("ExpenseService", request.app.state.service)


Reader = Annotated[LedgerReader, Depends(_reader)]
Service = Annotated[ExpenseService, Depends(_service)]


def _read_response(request: Request, result: ReadResult) -> Response:
    return respond(request, result.body.model_dump_json(by_alias=True).encode(), result.revision)


def _write_response(request: Request, result: WriteResult, status: int = 200, location: str | None = None) -> Response:
    headers = _headers(result)
    if location:
        headers["Location"] = location
    return respond(request, result.body.encode(), result.revision, status=status, headers=headers)


def _headers(result: WriteResult) -> dict[str, str]:
    headers = {ACTION: str(result.action)} if result.action else {}
    return headers | ({IDEMPOTENT_REPLAYED: "true"} if result.replayed else {})


@router.post("/expenses", status_code=201, response_model=schemas.Expense, dependencies=JSON)
def record_expense(
    request: Request,
    caller: AddAccess,
    via: RequestVia,
    key: IdempotencyKey,
    service: Service,
    body: schemas.ExpenseIn,
    _: LedgerParameter,
) -> Response:
    """Record an expense."""
    result = service.record_expense(caller, via, body, key)
    # In a replayed response an earlier version may have written every field but the id differently.
    id_ = json.loads(result.body)["id"]
    return _write_response(request, result, 201, f"/api/v1/expenses/{id_}")


@router.post("/expenses/batch", response_model=schemas.BatchResult, dependencies=JSON)
def change_expenses(
    request: Request,
    caller: AddAccess,
    via: RequestVia,
    key: IdempotencyKey,
    service: Service,
    body: schemas.Batch,
    _: LedgerParameter,
) -> Response:
    """Up to 500 changes, all or none."""
    if body.update or body.delete:
        require(caller, Permission.WRITE)
    return _write_response(request, service.change_expenses(caller, via, body, key))


@router.get("/expenses", response_model=schemas.ExpensePage)
def list_expenses(
    request: Request,
    caller: ReadAccess,
    minimum: MinRevision,
    reader: Reader,
    query: Annotated[queries.ListQuery, Query()],
) -> Response:
    """Expenses that match all filters, newest first."""
    return _read_response(request, reader.expenses(caller.ledger, query, minimum))


@router.get("/expenses/{expense_id}", response_model=schemas.Expense)
def read_expense(
    request: Request, caller: ReadAccess, minimum: MinRevision, reader: Reader, expense_id: UUID, _: LedgerParameter
) -> Response:
    """One expense."""
    return _read_response(request, reader.expense(caller.ledger, expense_id, minimum))


@router.patch("/expenses/{expense_id}", response_model=schemas.Expense, dependencies=JSON)
def correct_expense(
    request: Request,
    caller: WriteAccess,
    via: RequestVia,
    service: Service,
    expense_id: UUID,
    body: schemas.ExpensePatch,
    _: LedgerParameter,
) -> Response:
    """Correct an expense with a merge patch."""
    if_match = request.headers.get("if-match")
    return _write_response(request, service.correct_expense(caller, via, expense_id, body, if_match))


@router.delete("/expenses/{expense_id}", status_code=204)
def remove_expense(
    request: Request, caller: WriteAccess, via: RequestVia, service: Service, expense_id: UUID, _: LedgerParameter
) -> Response:
    """Remove an expense."""
    result = service.remove_expense(caller, via, expense_id, request.headers.get("if-match"))
    return Response(status_code=204, headers={REVISION: str(result.revision), **_headers(result)})


@router.get("/categories", response_model=schemas.CategoryPage)
def list_categories(
    request: Request,
    caller: ReadAccess,
    minimum: MinRevision,
    reader: Reader,
    query: Annotated[queries.CategoryQuery, Query()],
) -> Response:
    """Categories by name, all of them up to 2,000."""
    return _read_response(request, reader.categories(caller.ledger, query, minimum))


@router.patch("/categories/{category_id}", response_model=schemas.Category, dependencies=JSON)
def correct_category(
    request: Request,
    caller: WriteAccess,
    via: RequestVia,
    service: Service,
    category_id: UUID,
    body: schemas.CategoryPatch,
    _: LedgerParameter,
) -> Response:
    """Rename a category, or give it another colour or icon."""
    if_match = request.headers.get("if-match")
    return _write_response(request, service.correct_category(caller, via, category_id, body, if_match))


@router.get("/ledger", response_model=schemas.Ledger)
def read_ledger(
    request: Request, caller: ReadAccess, minimum: MinRevision, reader: Reader, _: LedgerParameter
) -> Response:
    """The ledger's currency, time zone and locale."""
    return _read_response(request, reader.ledger(caller.ledger, minimum))


@router.get("/journal", response_model=JournalPage)
def read_journal(
    request: Request, caller: ReadAccess, reader: Reader, query: Annotated[queries.JournalQuery, Query()]
) -> Response:
    """Entries of the ledger's journal after a revision, oldest first. A page may end before `limit`, after 1 MB."""
    page = reader.journal(caller.ledger, query)
    return respond(request, page.body.encode(), page.revision)


@router.post("/journal/{action_id}/undo", status_code=201, response_model=UndoResult)
def undo_action(
    request: Request,
    caller: WriteAccess,
    via: RequestVia,
    service: Service,
    action_id: UUID,
    query: Annotated[queries.UndoQuery, Query()],
) -> Response:
    """Undo an action. Later changes prevent it (409), unless they are skipped."""
    return _write_response(request, service.undo_action(caller, via, action_id, skip=query.skip is not None), 201)
