"""The HTTP door of insights and of live updates."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from chassis.http.authorization import LedgerQuery, ReadAccess, WriteAccess
from chassis.http.components import component
from chassis.http.responses import respond
from services.insights.insights.schemas import Insights, Status
from services.insights.insights.service import InsightService
from services.insights.summary.endpoints import Revisions

router = APIRouter(prefix="/api/v1")


class RunQueued(BaseModel):
    """A run is on its way."""

    status: Status = Status.UPDATING


WholeLedger = Annotated[LedgerQuery, Query()]
InsightAccess = Annotated[InsightService, Depends(component(InsightService))]


@router.get("/insights", response_model=Insights)
def read_insights(
    request: Request, caller: ReadAccess, required: Revisions, insights: InsightAccess, _: WholeLedger
) -> Response:
    """What is worth knowing this month, and whether it still holds."""
    found = insights.read(caller.ledger, required)
    return respond(request, found.model_dump_json(by_alias=True).encode(), found.revision)


@router.post("/insights/refresh", status_code=202)
def refresh_insights(caller: ReadAccess, insights: InsightAccess, _: WholeLedger) -> RunQueued:
    """Compute them anew, though nothing may have changed."""
    insights.refresh(caller.ledger)
    return RunQueued()


@router.post("/insights/{id}/dismiss", status_code=204)
def dismiss_insight(caller: WriteAccess, insights: InsightAccess, id: str, _: WholeLedger) -> None:  # noqa: A002 - the API's word
    """Keep it away, for everybody who reads this ledger; it does not come back while it is about the same thing."""
    insights.dismiss(caller.ledger, id)


@router.delete("/insights/{id}/dismiss", status_code=204)
def restore_insight(caller: WriteAccess, insights: InsightAccess, id: str, _: WholeLedger) -> None:  # noqa: A002 - as above
    """Take a dismissal back."""
    insights.restore(caller.ledger, id)
