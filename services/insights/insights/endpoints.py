"""Endpoints of insights."""

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
    """The run is queued."""

    status: Status = Status.UPDATING


WholeLedger = Annotated[LedgerQuery, Query()]
InsightAccess = Annotated[InsightService, Depends(component(InsightService))]


@router.get("/insights", response_model=Insights)
def read_insights(
    request: Request, caller: ReadAccess, required: Revisions, insights: InsightAccess, _: WholeLedger
) -> Response:
    """Returns this month's insights, and whether they are current."""
    result = insights.read(caller.ledger, required)
    return respond(request, result.model_dump_json(by_alias=True).encode(), result.revision)


@router.post("/insights/refresh", status_code=202)
def refresh_insights(caller: ReadAccess, insights: InsightAccess, _: WholeLedger) -> RunQueued:
    """Queues a new run, even if nothing has changed."""
    insights.refresh(caller.ledger)
    return RunQueued()


@router.post("/insights/{id}/dismiss", status_code=204)
def dismiss_insight(caller: WriteAccess, insights: InsightAccess, id: str, _: WholeLedger) -> None:  # noqa: A002 - the API's word
    """Dismisses an insight for all members of the ledger."""
    insights.dismiss(caller.ledger, id)


@router.delete("/insights/{id}/dismiss", status_code=204)
def restore_insight(caller: WriteAccess, insights: InsightAccess, id: str, _: WholeLedger) -> None:  # noqa: A002 - as above
    """Restores a dismissed insight."""
    insights.restore(caller.ledger, id)
