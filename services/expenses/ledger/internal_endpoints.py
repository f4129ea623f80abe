"""Endpoints for other services: the journal's feed, observations for operators, erasure."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from chassis.http.authorization import ServiceCaller, from_service
from contracts.book import BookSums, SameNames, StoredLedgers
from contracts.erasure import ErasureOrder, ErasureResult
from contracts.journal import Backlog, FeedPage, HeadsPage
from services.expenses.ledger.erasure import LedgerErasure
from services.expenses.ledger.reader import ENTRIES_AT_ONCE, LedgerReader

router = APIRouter(prefix="/internal", include_in_schema=False)

Revision = Annotated[int, Query(ge=0, le=2**62)]
PageLimit = Annotated[int, Query(ge=1, le=ENTRIES_AT_ONCE)]


@router.get("/journal/{ledger}", response_model=FeedPage)
def feed(
    request: Request, _: ServiceCaller, ledger: UUID, after: Revision = 0, limit: PageLimit = ENTRIES_AT_ONCE
) -> Response:
    """Returns a ledger's entries after a revision."""
    reader: LedgerReader = request.app.state.reader
    return Response(reader.feed(ledger, after, limit).body, media_type="application/json")


@router.get("/sums/{ledger}")
def sums(request: Request, _: ServiceCaller, ledger: UUID) -> BookSums:
    """Returns sums of a ledger's expenses."""
    reader: LedgerReader = request.app.state.reader
    return reader.sums(ledger)


@router.get("/heads")
def heads(request: Request, _: ServiceCaller, after: UUID | None = None) -> HeadsPage:
    """Returns a page of journal heads."""
    reader: LedgerReader = request.app.state.reader
    return reader.heads(after)


@router.get("/backlog")
def backlog(request: Request, _: ServiceCaller) -> Backlog:
    """Returns the number of unpublished entries, and the time of the oldest."""
    reader: LedgerReader = request.app.state.reader
    return reader.backlog()


@router.get("/same-names")
def same_names(request: Request, _: ServiceCaller) -> SameNames:
    """Returns categories with equal names in one ledger, from versions that compared names differently."""
    reader: LedgerReader = request.app.state.reader
    return reader.same_names()


@router.get("/stored")
def stored(request: Request, _: ServiceCaller) -> StoredLedgers:
    """Returns the size of all journals, and the ledgers with the largest ones."""
    reader: LedgerReader = request.app.state.reader
    return reader.stored()


@router.post("/erasures", dependencies=[from_service("auth")])
def erase(request: Request, order: ErasureOrder) -> ErasureResult:
    """Carries out an erasure order."""
    erasing: LedgerErasure = request.app.state.erasing
    return erasing.erase(order)
