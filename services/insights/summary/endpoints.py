"""The HTTP door of totals."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, Response

from chassis.http import authorization
from chassis.http.responses import MinRevision, respond, revision_header
from contracts.headers import PARKED_REVISION, REQUIRED_REVISION
from services.insights.projections.audit import Audit
from services.insights.summary.schemas import Audited, PeriodQuery, Summary, Trends, TrendsQuery
from services.insights.summary.service import Seen, TotalsService, Wanted

router = APIRouter(prefix="/api/v1")


def _service(request: Request) -> TotalsService:
    return cast("TotalsService", request.app.state.totals)


def _wanted(request: Request, minimum: MinRevision) -> Wanted:
    return Wanted(minimum, revision_header(request, REQUIRED_REVISION))


Totals = Annotated[TotalsService, Depends(_service)]
Revisions = Annotated[Wanted, Depends(_wanted)]


def _seen(request: Request, seen: Seen) -> Response:
    headers = {PARKED_REVISION: str(seen.parked_at)} if seen.parked_at else None
    return respond(request, seen.body, seen.revision, headers=headers)


@router.get("/summary", response_model=Summary)
def read_summary(
    request: Request,
    caller: authorization.ReadAccess,
    wanted: Revisions,
    totals: Totals,
    query: Annotated[PeriodQuery, Query()],
) -> Response:
    """Where the money went in a period."""
    return _seen(request, totals.summary(caller.ledger, query, wanted))


@router.get("/trends", response_model=Trends)
def read_trends(
    request: Request,
    caller: authorization.ReadAccess,
    wanted: Revisions,
    totals: Totals,
    query: Annotated[TrendsQuery, Query()],
) -> Response:
    """How it went over time."""
    return _seen(request, totals.trends(caller.ledger, query, wanted))


@router.get("/audit")
def read_audit(request: Request, caller: authorization.ReadAccess, _: authorization.LedgerParameter) -> Audited:
    """When the totals were last found equal to the book."""
    audit: Audit = request.app.state.audit
    found = audit.last(caller.ledger)
    return Audited(**found._asdict()) if found else Audited(revision=0, audited_at=None, agreed_at=None, drifts=0)
