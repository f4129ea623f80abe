"""The HTTP door of totals."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, Response

from chassis.http import authorization
from chassis.http.responses import MinRevision, respond, revision_header
from contracts.headers import PARKED_REVISION, REQUIRED_REVISION
from services.insights.projections.audit import Audit
from services.insights.summary.schemas import Audited, PeriodQuery, Summary, Trends, TrendsQuery
from services.insights.summary.service import RequiredRevision, TotalsResult, TotalsService

router = APIRouter(prefix="/api/v1")


def _service(request: Request) -> TotalsService:
    return cast("TotalsService", request.app.state.totals)


def _required_revision(request: Request, minimum: MinRevision) -> RequiredRevision:
    return RequiredRevision(minimum, revision_header(request, REQUIRED_REVISION))


TotalsAccess = Annotated[TotalsService, Depends(_service)]
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
    """Where the money went in a period."""
    return _respond(request, totals.summary(caller.ledger, query, required))


@router.get("/trends", response_model=Trends)
def read_trends(
    request: Request,
    caller: authorization.ReadAccess,
    required: Revisions,
    totals: TotalsAccess,
    query: Annotated[TrendsQuery, Query()],
) -> Response:
    """How it went over time."""
    return _respond(request, totals.trends(caller.ledger, query, required))


@router.get("/audit")
def read_audit(request: Request, caller: authorization.ReadAccess, _: authorization.LedgerParameter) -> Audited:
    """When the totals were last found equal to the book."""
    audit: Audit = request.app.state.audit
    found = audit.last(caller.ledger)
    return Audited(**found._asdict()) if found else Audited(revision=0, audited_at=None, agreed_at=None, drifts=0)
