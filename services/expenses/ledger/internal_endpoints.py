"""The HTTP door for other services: the journal as a feed, and erasure."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from chassis.http.authorization import ServiceCaller, from_service
from contracts.book import BookSums, SameNames, StoredLedgers
from contracts.erasure import ErasureOrder, ErasureResult
from contracts.journal import Backlog, FeedPage, HeadsPage
from services.expenses.ledger.erasure import Erasing
from services.expenses.ledger.reader import ENTRIES_AT_ONCE, BookReader

router = APIRouter(prefix="/internal", include_in_schema=False)

Revision = Annotated[int, Query(ge=0, le=2**62)]
Limit = Annotated[int, Query(ge=1, le=ENTRIES_AT_ONCE)]


@router.get("/journal/{ledger}", response_model=FeedPage)
def feed(
    request: Request, _: ServiceCaller, ledger: UUID, after: Revision = 0, limit: Limit = ENTRIES_AT_ONCE
) -> Response:
    """Entries of a ledger after a revision."""
    reader: BookReader = request.app.state.reader
    return Response(reader.feed(ledger, after, limit).body, media_type="application/json")


@router.get("/sums/{ledger}")
def sums(request: Request, _: ServiceCaller, ledger: UUID) -> BookSums:
    """The book added up."""
    reader: BookReader = request.app.state.reader
    return reader.sums(ledger)


@router.get("/heads")
def heads(request: Request, _: ServiceCaller, after: UUID | None = None) -> HeadsPage:
    """Where all journals end."""
    reader: BookReader = request.app.state.reader
    return reader.heads(after)


@router.get("/backlog")
def backlog(request: Request, _: ServiceCaller) -> Backlog:
    """What the relay has yet to announce."""
    reader: BookReader = request.app.state.reader
    return reader.backlog()


@router.get("/same-names")
def same_names(request: Request, _: ServiceCaller) -> SameNames:
    """Categories that one ledger has twice, since their names were not taken for the same once."""
    reader: BookReader = request.app.state.reader
    return reader.same_names()


@router.get("/stored")
def stored(request: Request, _: ServiceCaller) -> StoredLedgers:
    """How much the journals hold, and which ledgers the most."""
    reader: BookReader = request.app.state.reader
    return reader.stored()


@router.post("/erasures", dependencies=[from_service("auth")])
def erase(request: Request, order: ErasureOrder) -> ErasureResult:
    """Deletes ledgers, and what is left of a person."""
    erasing: Erasing = request.app.state.erasing
    return erasing.erase(order)
