"""The HTTP door of the book."""

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
from services.expenses.ledger.reader import BookReader, JournalPage, Seen
from services.expenses.ledger.undo import Undone
from services.expenses.ledger.unit_of_work import Written
from services.expenses.service import BookService

router = APIRouter(prefix="/api/v1")

JSON = [Depends(json_body)]


def _reader(request: Request) -> BookReader:
    return cast("BookReader", request.app.state.reader)


def _service(request: Request) -> BookService:
    return cast("BookService", request.app.state.service)


Reading = Annotated[BookReader, Depends(_reader)]
Writing = Annotated[BookService, Depends(_service)]


def _seen(request: Request, seen: Seen) -> Response:
    return respond(request, seen.body.model_dump_json(by_alias=True).encode(), seen.revision)


def _written(request: Request, written: Written, status: int = 200, location: str | None = None) -> Response:
    headers = _headers(written)
    if location:
        headers["Location"] = location
    return respond(request, written.body.encode(), written.revision, status=status, headers=headers)


def _headers(written: Written) -> dict[str, str]:
    headers = {ACTION: str(written.action)} if written.action else {}
    return headers | ({IDEMPOTENT_REPLAYED: "true"} if written.replayed else {})


@router.post("/expenses", status_code=201, response_model=schemas.Expense, dependencies=JSON)
def record_expense(
    request: Request,
    caller: AddAccess,
    via: RequestVia,
    key: IdempotencyKey,
    book: Writing,
    sent: schemas.ExpenseIn,
    _: LedgerParameter,
) -> Response:
    """Record an expense."""
    written = book.record_expense(caller, via, sent, key)
    # Of an answer that is given again, an earlier version may have written all but the id otherwise.
    id_ = json.loads(written.body)["id"]
    return _written(request, written, 201, f"/api/v1/expenses/{id_}")


@router.post("/expenses/batch", response_model=schemas.BatchDone, dependencies=JSON)
def change_expenses(
    request: Request,
    caller: AddAccess,
    via: RequestVia,
    key: IdempotencyKey,
    book: Writing,
    sent: schemas.Batch,
    _: LedgerParameter,
) -> Response:
    """Up to 500 changes, all or none."""
    if sent.update or sent.delete:
        require(caller, Permission.WRITE)
    return _written(request, book.change_expenses(caller, via, sent, key))


@router.get("/expenses", response_model=schemas.ExpensePage)
def list_expenses(
    request: Request,
    caller: ReadAccess,
    minimum: MinRevision,
    book: Reading,
    query: Annotated[queries.ListQuery, Query()],
) -> Response:
    """Expenses that match all filters, newest first."""
    return _seen(request, book.expenses(caller.ledger, query, minimum))


@router.get("/expenses/{expense_id}", response_model=schemas.Expense)
def read_expense(
    request: Request, caller: ReadAccess, minimum: MinRevision, book: Reading, expense_id: UUID, _: LedgerParameter
) -> Response:
    """One expense."""
    return _seen(request, book.expense(caller.ledger, expense_id, minimum))


@router.patch("/expenses/{expense_id}", response_model=schemas.Expense, dependencies=JSON)
def correct_expense(
    request: Request,
    caller: WriteAccess,
    via: RequestVia,
    book: Writing,
    expense_id: UUID,
    sent: schemas.ExpensePatch,
    _: LedgerParameter,
) -> Response:
    """Correct an expense with a merge patch."""
    if_match = request.headers.get("if-match")
    return _written(request, book.correct_expense(caller, via, expense_id, sent, if_match))


@router.delete("/expenses/{expense_id}", status_code=204)
def remove_expense(
    request: Request, caller: WriteAccess, via: RequestVia, book: Writing, expense_id: UUID, _: LedgerParameter
) -> Response:
    """Remove an expense."""
    written = book.remove_expense(caller, via, expense_id, request.headers.get("if-match"))
    return Response(status_code=204, headers={REVISION: str(written.revision), **_headers(written)})


@router.get("/categories", response_model=schemas.CategoryPage)
def list_categories(
    request: Request,
    caller: ReadAccess,
    minimum: MinRevision,
    book: Reading,
    query: Annotated[queries.CategoryQuery, Query()],
) -> Response:
    """Categories by name, all of them up to 2,000."""
    return _seen(request, book.categories(caller.ledger, query, minimum))


@router.patch("/categories/{category_id}", response_model=schemas.Category, dependencies=JSON)
def correct_category(
    request: Request,
    caller: WriteAccess,
    via: RequestVia,
    book: Writing,
    category_id: UUID,
    sent: schemas.CategoryPatch,
    _: LedgerParameter,
) -> Response:
    """Rename a category, or give it another colour or icon."""
    if_match = request.headers.get("if-match")
    return _written(request, book.correct_category(caller, via, category_id, sent, if_match))


@router.get("/ledger", response_model=schemas.Ledger)
def read_ledger(
    request: Request, caller: ReadAccess, minimum: MinRevision, book: Reading, _: LedgerParameter
) -> Response:
    """The ledger's currency, time zone and locale."""
    return _seen(request, book.ledger(caller.ledger, minimum))


@router.get("/journal", response_model=JournalPage)
def read_journal(
    request: Request, caller: ReadAccess, book: Reading, query: Annotated[queries.JournalQuery, Query()]
) -> Response:
    """What happened to the ledger, oldest first, after a revision. A page may end before `limit`, after 1 MB."""
    page = book.journal(caller.ledger, query)
    return respond(request, page.body.encode(), page.revision)


@router.post("/journal/{action_id}/undo", status_code=201, response_model=Undone)
def undo_action(
    request: Request,
    caller: WriteAccess,
    via: RequestVia,
    book: Writing,
    action_id: UUID,
    query: Annotated[queries.UndoQuery, Query()],
) -> Response:
    """Take an action back. What changed since stands in the way (409), unless it is skipped."""
    return _written(request, book.undo_action(caller, via, action_id, skip=query.skip is not None), 201)
