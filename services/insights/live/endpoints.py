"""Endpoint of live updates."""

import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from chassis.http.authorization import LedgerParameter, ReadAccess
from chassis.http.components import component
from chassis.security.access_tokens import seconds_left
from contracts.live import LiveState
from services.insights.live.hub import LiveHub

router = APIRouter(prefix="/api/v1")

Hub = Annotated[LiveHub, Depends(component(LiveHub))]


@router.get("/live", response_class=EventSourceResponse)
async def follow_ledger(caller: ReadAccess, hub: Hub, _: LedgerParameter) -> AsyncIterator[ServerSentEvent]:
    """Where the ledger stands: now, on every change, and every 15 seconds; ends when the token does.

    While Redis is away changes wait for the next 15 seconds; each event then says `"paused": true`.
    """
    async for notice in hub.follow(caller.ledger, seconds_left(caller.claims, time.time())):
        state = LiveState(**notice.model_dump(exclude={"kind"}), paused=hub.paused)
        yield ServerSentEvent(event=notice.kind, data=state.model_dump(mode="json", exclude_defaults=True))
