"""Responses of a ledger's endpoints, with the ledger's revision."""

from fastapi import Request, Response

from chassis.http.responses import respond
from contracts.headers import ACTION, IDEMPOTENT_REPLAYED, REVISION
from services.expenses.ledger.reader import ReadResult
from services.expenses.ledger.unit_of_work import WriteResult


def read_response(http: Request, result: ReadResult) -> Response:
    """Returns the response to a read; 304 if the client already has it."""
    return respond(http, result.body.encode(), result.revision)


def write_response(http: Request, result: WriteResult, status: int = 200, location: str | None = None) -> Response:
    """Returns the response to a write, with the action's id for an undo."""
    headers = _headers(result) | ({"Location": location} if location else {})
    return respond(http, result.body.encode(), result.revision, status=status, headers=headers)


def empty_response(result: WriteResult) -> Response:
    """Returns the response to a write that has no body."""
    return Response(status_code=204, headers={REVISION: str(result.revision), **_headers(result)})


def _headers(result: WriteResult) -> dict[str, str]:
    headers = {ACTION: str(result.action)} if result.action else {}
    return headers | ({IDEMPOTENT_REPLAYED: "true"} if result.replayed else {})
