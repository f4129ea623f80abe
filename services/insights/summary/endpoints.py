"""Endpoints of totals."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from chassis.http import authorization
from chassis.http.components import component
from chassis.http.responses import MinRevision, respond, revision_header
from contracts.headers import PARKED_REVISION, REQUIRED_REVISION
from services.insights.projections.audit import Audit
from services.insights.summary.schemas import Audited, PeriodQuery, Summary, Trends, TrendsQuery
from services.insights.summary.service import RequiredRevision, TotalsResult, TotalsService

router = APIRouter(prefix="/api/v1")


def _required_revision(request: Request, minimum: MinRevision) -> RequiredRevision:
    return RequiredRevision(minimum, revision_header(request, REQUIRED_REVISION))


TotalsAccess = Annotated[TotalsService, Depends(component(TotalsService))]
Revisions = Annotated[RequiredRevision, Depends(_required_revision)]


def _respond(request: Request, result: TotalsResult) -> Response:
    headers = {PARKED_REVISION: str(result.parked_at)} if result.parked_at else None
    return respond(request, result.body, result.revision, headers=headers)


@router.get("/summary", response_model=Summary)
def read_summary(
    request: Request,
    caller: authorization.ReadAccess,
    required: Revisions,
    totals: TotalsAccess,
    query: Annotated[PeriodQuery, Query()],
) -> Response:
    """Returns the spending of a period by category."""
    return _respond(request, totals.summary(caller.ledger, query, required))


@router.get("/trends", response_model=Trends)
def read_trends(
    request: Request,
    caller: authorization.ReadAccess,
    required: Revisions,
    totals: TotalsAccess,
    query: Annotated[TrendsQuery, Query()],
) -> Response:
    """Returns the spending over time by category."""
    return _respond(request, totals.trends(caller.ledger, query, required))


@router.get("/audit")
def read_audit(
    caller: authorization.ReadAccess,
    audit: Annotated[Audit, Depends(component(Audit))],
    _: authorization.LedgerParameter,
) -> Audited:
    """Returns when the totals were last compared with the book, and found equal."""
    result = audit.last(caller.ledger)
    return Audited(**result._asdict()) if result else Audited(revision=0, audited_at=None, agreed_at=None, drifts=0)
