"""Endpoints for other services: the journal's feed, observations for operators, erasure."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from chassis.http.authorization import ServiceCaller, from_service
from chassis.http.components import component
from contracts.book import StoredLedgers
from contracts.erasure import ErasureOrder, ErasureResult
from contracts.ids import LedgerId
from contracts.journal import Backlog, FeedPage, HeadsPage
from services.expenses.ledger.erasure import LedgerErasure
from services.expenses.ledger.feed import ENTRIES_AT_ONCE, JournalFeed

router = APIRouter(prefix="/internal", include_in_schema=False)

Feed = Annotated[JournalFeed, Depends(component(JournalFeed))]
Erasure = Annotated[LedgerErasure, Depends(component(LedgerErasure))]
Revision = Annotated[int, Query(ge=0, le=2**62)]
PageLimit = Annotated[int, Query(ge=1, le=ENTRIES_AT_ONCE)]


@router.get("/journal/{ledger}", response_model=FeedPage)
def feed(
    _: ServiceCaller, journals: Feed, ledger: LedgerId, after: Revision = 0, limit: PageLimit = ENTRIES_AT_ONCE
) -> Response:
    """Returns a ledger's entries after a revision."""
    return Response(journals.page(ledger, after, limit).body, media_type="application/json")


@router.get("/heads")
def heads(_: ServiceCaller, journals: Feed, after: UUID | None = None) -> HeadsPage:
    """Returns a page of journal heads."""
    return journals.heads(after)


@router.get("/backlog")
def backlog(_: ServiceCaller, journals: Feed) -> Backlog:
    """Returns the number of unpublished entries, and the time of the oldest."""
    return journals.backlog()


@router.get("/stored")
def stored(_: ServiceCaller, journals: Feed) -> StoredLedgers:
    """Returns the size of all journals, and the ledgers with the largest ones."""
    return journals.stored()


@router.post("/erasures", dependencies=[from_service("auth")])
def erase(order: ErasureOrder, erasure: Erasure) -> ErasureResult:
    """Carries out an erasure order."""
    return erasure.erase(order)
