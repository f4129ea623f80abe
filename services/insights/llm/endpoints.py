"""Endpoints of the model: consent, and the record of calls."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from chassis.errors import NotFound
from chassis.http.app import json_body
from chassis.http.authorization import LedgerParameter, ReadAccess, WriteAccess
from chassis.http.components import component
from services.insights.llm.schemas import ModelCall, ModelCalls, ModelSettingsIn, ModelSettingsOut
from services.insights.llm.service import LlmService

router = APIRouter(prefix="/api/v1/insights")


def _call_id(call: str) -> UUID:
    try:
        return UUID(call)
    except ValueError as error:
        raise NotFound from error


Models = Annotated[LlmService, Depends(component(LlmService))]
CallId = Annotated[UUID, Depends(_call_id)]


@router.get("/settings")
def read_model_settings(caller: ReadAccess, models: Models, _: LedgerParameter) -> ModelSettingsOut:
    """Returns whether a model may word this ledger's facts, its host, and the user's usage of today."""
    return models.settings(caller)


@router.put("/settings", dependencies=[Depends(json_body)])
def allow_model(caller: WriteAccess, models: Models, request: ModelSettingsIn, _: LedgerParameter) -> ModelSettingsOut:
    """Stores consent or refusal. Consent holds only for the host that it names."""
    return models.set_consent(caller, request)


@router.get("/sent")
def list_sent(caller: ReadAccess, models: Models, _: LedgerParameter) -> ModelCalls:
    """Lists recent calls to the model with exactly what was sent, newest first."""
    return models.calls(caller.ledger)


@router.get("/sent/{call}")
def read_sent(caller: ReadAccess, models: Models, call: CallId, _: LedgerParameter) -> ModelCall:
    """Returns exactly what was sent in one call."""
    return models.call(caller.ledger, call)


@router.post("/doctor", response_class=EventSourceResponse)
def examine_model(caller: WriteAccess, models: Models, _: LedgerParameter) -> Iterator[ServerSentEvent]:
    """Checks the model's server: streams a `finding` for each check, and a `verdict` at the end. Sends no facts."""
    for event in models.examine(caller):
        yield ServerSentEvent(event=event.event, data=event.model_dump(mode="json"))
