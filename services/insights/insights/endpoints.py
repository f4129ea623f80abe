"""The HTTP door of insights and of live updates."""

import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from chassis.http.authorization import LedgerQuery, ReadAccess, WriteAccess
from chassis.http.components import component
from chassis.http.responses import respond
from chassis.security.access_tokens import seconds_left
from contracts.live import LiveState
from services.insights.insights.schemas import Insights, Status
from services.insights.insights.service import InsightService
from services.insights.live.hub import LiveHub
from services.insights.summary.endpoints import Revisions

router = APIRouter(prefix="/api/v1")


class RunQueued(BaseModel):
    """A run is on its way."""

    status: Status = Status.UPDATING


WholeLedger = Annotated[LedgerQuery, Query()]
InsightAccess = Annotated[InsightService, Depends(component(InsightService))]
Hub = Annotated[LiveHub, Depends(component(LiveHub))]


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


@router.get("/live", response_class=EventSourceResponse)
async def follow_ledger(caller: ReadAccess, hub: Hub, _: WholeLedger) -> AsyncIterator[ServerSentEvent]:
    """Where the ledger stands: now, on every change, and every 15 seconds; ends when the token does.

    While Redis is away changes wait for the next 15 seconds; each event then says `"paused": true`.
    """
    async for notice in hub.follow(caller.ledger, seconds_left(caller.claims, time.time())):
        state = LiveState(**notice.model_dump(exclude={"kind"}), paused=hub.paused)
        yield ServerSentEvent(event=notice.kind, data=state.model_dump(mode="json", exclude_defaults=True))
